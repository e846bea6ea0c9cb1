/** Says in plain words why there is no connection and what to do about it. */
import type { ConnectionError } from './connection.ts';

export interface Circumstances {
  /** Without password. */
  readonly broker: string;
  readonly username: string | undefined;
  readonly clientId: string;
}

/** MQTT 3.1.1 return codes are below 128, MQTT 5 reason codes above. */
const BAD_PASSWORD = [4, 134];
const NOT_AUTHORIZED = [5, 135];
const CLIENT_ID_REFUSED = [2, 133];
const UNAVAILABLE = [3, 136, 137, 139];
const VERSION_REFUSED = [1, 132];
const TAKEN_OVER = 142;

/** True when the broker speaks another version of MQTT. */
export function refusesVersion({ reason }: ConnectionError): boolean {
  return VERSION_REFUSED.includes(Number(reason));
}

export function isTakenOver({ reason }: ConnectionError): boolean {
  return reason === TAKEN_OVER;
}

export function explain(
  { reason, message }: ConnectionError,
  { broker, username, clientId }: Circumstances,
): string {
  const user = username === undefined ? 'a client without a user name' : `the user "${username}"`;
  if (typeof reason === 'number') {
    if (BAD_PASSWORD.includes(reason) || NOT_AUTHORIZED.includes(reason)) {
      return `${broker} refuses ${user}: check MQTT_USERNAME and MQTT_PASSWORD and the broker's access rules`;
    }
    if (reason === TAKEN_OVER) return doubleId(clientId);
    if (CLIENT_ID_REFUSED.includes(reason)) return `${broker} refuses the client id "${clientId}"`;
    if (UNAVAILABLE.includes(reason)) return `${broker} is not available: see the broker's log`;
    if (refusesVersion({ reason } as ConnectionError))
      return `${broker} speaks neither MQTT 5 nor 3.1.1`;
    return `${broker} ended the connection with reason ${reason}: see the broker's log`;
  }
  switch (reason) {
    case 'ECONNREFUSED':
      return `nothing listens at ${broker}: is the broker running, and is MQTT_URL right?`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host of ${broker} is not known: check MQTT_URL`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${broker} is not reachable: check MQTT_URL and the network`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `${broker} broke the connection: see the broker's log`;
    default:
      return `${broker}: ${message}`;
  }
}

export function doubleId(clientId: string): string {
  return `another program uses the client id "${clientId}", and the broker serves only one of them: give each its own HEARTH_INSTANCE`;
}
