/** The address of a broker. */
import { isIP } from 'node:net';

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** For people: without user and password. */
  readonly shown: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** @throws TypeError when `url` is no address of a broker; it does not repeat the url, which may hold a password */
export function parseAddress(url: string): BrokerAddress {
  const parsed = URL.parse(url);
  const tls = parsed?.protocol === 'mqtts:';
  if (!parsed?.hostname || (!tls && parsed.protocol !== 'mqtt:')) throw malformed();
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  const port = parsed.port === '' ? (tls ? 8883 : 1883) : Number(parsed.port);
  return {
    host,
    port,
    tls,
    shown: `${parsed.protocol}//${isIP(host) === 6 ? `[${host}]` : host}:${port}`,
    username: decoded(parsed.username),
    password: decoded(parsed.password),
  };
}

function decoded(part: string): string | undefined {
  if (part === '') return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    throw malformed();
  }
}

function malformed(): TypeError {
  return new TypeError(
    'the address of the broker must be like mqtt://host:1883 or mqtts://host:8883, with %-encoded user and password',
  );
}
