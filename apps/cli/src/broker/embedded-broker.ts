/** The broker that comes with Hearth: aedes on loopback, everything in memory, everything bounded. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Log } from '@hearth/runtime';
import { UserError } from '@hearth/runtime';
import { Aedes, type AedesPublishPacket, type PublishPacket } from 'aedes';
import { createPacketGate } from './packet-gate.ts';

/** Without a password it must not be reachable from other machines. */
export const BROKER_HOST = '127.0.0.1';
export const BROKER_PORT = 1883;

/** A house has a dozen processes; a browser page and a few tools come on top. */
const MAX_CONNECTIONS = 200;
/** Above the largest message of the bus, so that the bus refuses first and says which message it was. */
const MAX_PACKET_BYTES = 16 * 1024 * 1024;
/** Each one stays in memory until the broker ends. */
const MAX_RETAINED_TOPICS = 5_000;
/** One reader that stops reading holds up all others until it is dropped (aedes waits a minute by itself). */
const DRAIN_TIMEOUT_MS = 10_000;

export interface EmbeddedBroker {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

export interface EmbeddedBrokerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Log;
  readonly maxPacketBytes?: number;
}

/** @throws UserError `PORT_TAKEN` */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { log, maxPacketBytes = MAX_PACKET_BYTES } = options;
  const aedes = new Aedes({
    drainTimeout: DRAIN_TIMEOUT_MS,
    // Nothing is kept for clients that are away: such a queue has no bound in memory.
    preConnect: (_client, packet, done) => {
      packet.clean = true;
      done(null, true);
    },
    authorizePublish: boundRetained(MAX_RETAINED_TOPICS),
    maxClientsIdLength: 128,
  });
  aedes.on('clientError', (client, error) =>
    log.warn({ client: client.id, error }, 'client error'),
  );
  aedes.on('connectionError', (_client, error) => log.debug({ error }, 'connection error'));
  await aedes.listen();

  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    aedes.handle(socket);
    guardPacketSize(socket, maxPacketBytes, log);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => log.warn(`more than ${MAX_CONNECTIONS} connections: one was refused`));
  const port = await listen(server, options.port).catch(async (error: NodeJS.ErrnoException) => {
    await closeAedes(aedes);
    throw portError(error, options.port);
  });

  return {
    port,
    url: `mqtt://${BROKER_HOST}:${port}`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await closeAedes(aedes);
      await closed;
    },
  };
}

/** `data` here only looks on: aedes reads the socket by `readable`, and each read shows its bytes to both. */
function guardPacketSize(socket: Socket, maxPacketBytes: number, log: Log): void {
  const gate = createPacketGate(maxPacketBytes);
  socket.on('data', (chunk: Buffer) => {
    if (gate.push(chunk)) return;
    log.warn({ maxPacketBytes }, 'a client sent a packet that is too big and was cut off');
    socket.destroy();
  });
}

/** An error here ends the connection of whoever published. */
function boundRetained(limit: number) {
  const topics = new Set<string>();
  return (
    _client: unknown,
    packet: PublishPacket | AedesPublishPacket,
    done: (error?: Error | null) => void,
  ) => {
    if (packet.topic.startsWith('$SYS/'))
      return done(new Error("$SYS topics are the broker's own"));
    if (packet.retain) {
      if (packet.payload.length === 0) topics.delete(packet.topic);
      else if (topics.has(packet.topic) || topics.size < limit) topics.add(packet.topic);
      else return done(new Error(`more than ${limit} retained topics`));
    }
    done(null);
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: BROKER_HOST }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function closeAedes(aedes: Aedes): Promise<void> {
  return new Promise((resolve) => aedes.close(() => resolve()));
}

function portError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new UserError(
      'PORT_TAKEN',
      `Port ${port} of ${BROKER_HOST} is taken by another program.`,
    );
  }
  if (error.code === 'EACCES') {
    return new UserError(
      'PORT_FORBIDDEN',
      `Port ${port} may not be used: ports below 1024 need root.`,
    );
  }
  return error;
}
