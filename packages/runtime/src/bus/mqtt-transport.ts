/** MQTT over TCP or TLS. The only file that knows the `mqtt` package: it makes one connection; session.ts keeps it. */
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type IClientOptions, type IPublishPacket, MqttClient } from 'mqtt';
import { type BrokerAddress, parseAddress } from './address.ts';
import { CLOSED, type Connection, ConnectionError, type ConnectionEvents } from './connection.ts';
import { createSession } from './session.ts';
import type { BusLog } from './bus-log.ts';
import type { Outgoing, Transport } from './transport.ts';

/** A broker that hangs is noticed after 1.5 times this. */
const KEEPALIVE_S = 10;
/** From the first packet to the broker's answer. */
const CONNECT_LIMIT_MS = 10_000;
/** A minute of 16 kHz speech is 1.9 MB; the broker of this repository takes 4 MiB. */
const DEFAULT_LIMIT_BYTES = 4_000_000;

export interface MqttOptions {
  /** `mqtt://host:1883` or `mqtts://host:8883`, user and password allowed. */
  readonly url: string;
  /** Unique per running instance: a broker throws out the older of two with the same. */
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Certificates in PEM that a `mqtts:` broker may be signed by; those that Node knows by default. */
  readonly ca?: string | undefined;
  /** Published by the broker when this process is gone without a goodbye. */
  readonly will?: { readonly topic: string; readonly payload: string; readonly retain: boolean };
  /**
   * How long the broker keeps subscriptions and QoS 1 messages for this client id while it is away. 0, the default, for
   * programs that come and go; MQTT 3.1.1 brokers decide themselves how long.
   */
  readonly sessionExpiryS?: number | undefined;
  /** Largest payload that is sent; 4 MB by default. The broker's own limit counts too. */
  readonly limitBytes?: number | undefined;
  /** First level of the topic of the self-test; `hearth` by default. */
  readonly prefix?: string | undefined;
  readonly log: BusLog;
}

/**
 * Returns at once, connects in the background and reconnects for ever; `state` says why not.
 *
 * @throws TypeError when the url is no address of a broker
 */
export function connectMqtt(options: MqttOptions): Transport {
  const address = parseAddress(options.url);
  const username = options.username ?? address.username;
  return createSession({
    connect: (version, events) => openConnection(options, address, version, events),
    broker: address.shown,
    username,
    clientId: options.clientId,
    selfTestTopic: `${options.prefix ?? 'hearth'}/ping/${options.clientId.replaceAll(/[/+#]/g, '-')}`,
    limitBytes: options.limitBytes ?? DEFAULT_LIMIT_BYTES,
    log: options.log,
  });
}

function openConnection(
  options: MqttOptions,
  address: BrokerAddress,
  version: 4 | 5,
  { onMessage, onLost, signal }: ConnectionEvents,
): Promise<Connection> {
  const { promise, resolve, reject } = Promise.withResolvers<Connection>();
  const client = new MqttClient(
    () => openStream(address, options.ca),
    clientOptions(options, address, version),
  );
  const lost = new AbortController();
  const destroy = () => {
    client.end(true);
    // `end` alone does nothing when a goodbye has begun already, even if that hangs.
    client.stream.destroy();
  };
  let made = false;
  let first: { reason: string | number | undefined; message: string } | undefined;

  // Attached before connecting: a session that is kept delivers right behind the CONNACK.
  client.on('message', (topic, payload, { retain }) =>
    onMessage({ topic, payload, retained: retain }),
  );
  client.on('error', (error) => {
    first ??= { reason: reasonOf(error), message: error.message };
    // An answer that cannot be read leaves a publication waiting for ever: only a new connection helps.
    if (made) destroy();
  });
  client.on('disconnect', ({ reasonCode }) => {
    first ??= { reason: reasonCode, message: 'ended by the broker' };
  });
  client.once('connect', ({ properties }) => {
    made = true;
    signal.removeEventListener('abort', destroy);
    resolve(wrap(client, { version, lost: lost.signal, destroy, properties }));
  });
  client.once('close', () => {
    signal.removeEventListener('abort', destroy);
    client.end(true);
    lost.abort();
    const { reason, message } = first ?? { reason: CLOSED, message: 'closed by the broker' };
    const error = new ConnectionError(message, reason, made);
    if (made) onLost(error);
    else reject(error);
  });
  signal.addEventListener('abort', destroy, { once: true });
  client.connect();
  return promise;
}

function wrap(
  client: MqttClient,
  {
    properties,
    ...rest
  }: Pick<Connection, 'version' | 'lost' | 'destroy'> & {
    readonly properties: { maximumPacketSize?: number; receiveMaximum?: number } | undefined;
  },
): Connection {
  return {
    ...rest,
    maximumPacketSize: properties?.maximumPacketSize,
    receiveMaximum: properties?.receiveMaximum,
    publish(message, done) {
      const { topic, payload, qos, retain } = message;
      const options = { qos, retain, ...(rest.version === 5 && propertiesOf(message)) };
      client.publish(topic, asBuffer(payload), options, (error) => {
        // An error without a reason of the broker's is the end of the connection: `lost` tells of that.
        if (!error || typeof reasonOf(error) === 'number') done(error ?? undefined);
      });
    },
    subscribe: (filter, qos) =>
      new Promise((resolve) => {
        client.subscribe(filter, { qos }, (error, _granted, answer) => {
          // Without an answer of the broker it is the connection that failed.
          if (error) resolve(answer ? 'denied' : 'lost');
          else resolve('granted');
        });
      }),
    async unsubscribe(filter) {
      await client.unsubscribeAsync(filter);
    },
    async end() {
      await client.endAsync();
    },
  };
}

function clientOptions(
  { clientId, password, username, will, sessionExpiryS = 0 }: MqttOptions,
  address: BrokerAddress,
  protocolVersion: 4 | 5,
): IClientOptions {
  const user = username ?? address.username;
  const secret = password ?? address.password;
  return {
    protocolVersion,
    clientId,
    ...(user !== undefined && { username: user }),
    ...(secret !== undefined && { password: secret }),
    ...(will && { will: { ...will, payload: Buffer.from(will.payload), qos: 1 as const } }),
    clean: sessionExpiryS === 0,
    ...(protocolVersion === 5 && { properties: { sessionExpiryInterval: sessionExpiryS } }),
    keepalive: KEEPALIVE_S,
    connectTimeout: CONNECT_LIMIT_MS,
    manualConnect: true,
    // Reconnecting, resubscribing and resending are done by session.ts, where they are bounded.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
  };
}

/** Nagle's algorithm would hold each small packet back for 40 ms. */
function openStream({ host, port, tls }: BrokerAddress, ca: string | undefined) {
  const options = { host, port, noDelay: true, keepAlive: true };
  if (!tls) return connectTcp(options);
  // An IP address is no name that may be asked for.
  const servername = isIP(host) === 0 ? host : '';
  return connectTls({ ...options, servername, ...(ca !== undefined && { ca }) });
}

function propertiesOf({ outside }: Outgoing): { properties: IPublishPacket['properties'] } {
  const { responseTopic, correlationId, traceparent, expiresInMs } = outside ?? {};
  return {
    properties: {
      ...(responseTopic !== undefined && { responseTopic }),
      ...(correlationId !== undefined && { correlationData: Buffer.from(correlationId) }),
      ...(traceparent !== undefined && { userProperties: { traceparent } }),
      ...(expiresInMs !== undefined && { messageExpiryInterval: Math.ceil(expiresInMs / 1_000) }),
    },
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function reasonOf(error: Error): string | number | undefined {
  if (!('code' in error)) return undefined;
  return typeof error.code === 'string' || typeof error.code === 'number' ? error.code : undefined;
}
