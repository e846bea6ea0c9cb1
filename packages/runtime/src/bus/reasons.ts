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
/** Where the broker does not say it: it just hangs up, again and again. */
const SUSPICIOUS_LOSSES = 3;

/** True when the broker speaks another version of MQTT. */
export function refusesVersion({ reason }: ConnectionError): boolean {
  return typeof reason === 'number' && VERSION_REFUSED.includes(reason);
}

/** @param quickLosses connections in a row that were lost without a reason as soon as they were made */
export function isDoubleId({ reason }: ConnectionError, quickLosses: number): boolean {
  return reason === TAKEN_OVER || quickLosses >= SUSPICIOUS_LOSSES;
}

export function explain(
  { reason, message }: ConnectionError,
  doubled: boolean,
  circumstances: Circumstances,
): string {
  const { broker, clientId } = circumstances;
  if (doubled) {
    const sure = reason === TAKEN_OVER ? '' : 'probably ';
    return `${broker} hangs up: ${sure}another program uses the client id "${clientId}", and only one of them is served; give each its own HEARTH_INSTANCE`;
  }
  return typeof reason === 'number'
    ? explainCode(reason, circumstances)
    : explainErrno(reason, message, broker);
}

function explainCode(reason: number, circumstances: Circumstances): string {
  const { broker, clientId } = circumstances;
  if (BAD_PASSWORD.includes(reason) || NOT_AUTHORIZED.includes(reason)) {
    return `${broker} refuses ${userOf(circumstances)}: check MQTT_USERNAME and MQTT_PASSWORD`;
  }
  if (CLIENT_ID_REFUSED.includes(reason)) return `${broker} refuses the client id "${clientId}"`;
  if (UNAVAILABLE.includes(reason)) return `${broker} is not available: see the broker's log`;
  if (VERSION_REFUSED.includes(reason)) return `${broker} speaks neither MQTT 5 nor 3.1.1`;
  return `${broker} ended the connection with reason ${reason}: see the broker's log`;
}

function explainErrno(reason: string | undefined, message: string, broker: string): string {
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
    case undefined:
    default:
      return `no connection to ${broker}: ${message}`;
  }
}

export function deniedReason(filter: string, circumstances: Circumstances): string {
  return `${circumstances.broker} denies ${userOf(circumstances)} the subscription to ${filter}: check the broker's access rules`;
}

export function silentReason(topic: string, circumstances: Circumstances): string {
  return `${circumstances.broker} accepts but does not deliver what ${userOf(circumstances)} sends to ${topic}: allow reading and writing it in the broker's access rules`;
}

function userOf({ username }: Circumstances): string {
  return username === undefined ? 'clients without a user name' : `the user "${username}"`;
}
