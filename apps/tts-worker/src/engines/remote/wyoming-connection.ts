/** One connection to a Wyoming server. */
import { connect, type Socket } from 'node:net';
import { createWyomingDecoder, encodeWyoming, type WyomingEvent } from '@hearth/core';
import { RuntimeError } from '@hearth/runtime';

export interface WyomingConnection {
  readonly open: boolean;
  send(event: { readonly type: string; readonly data?: Readonly<Record<string, unknown>> }): void;
  /** @throws RuntimeError REMOTE_FAILED when the connection ends first, or nothing can be made of what came */
  next(): Promise<WyomingEvent>;
  close(): void;
  onClose(listener: () => void): void;
}

/** Of 20 to 100 ms each. With more, the server has to wait: its bytes stay in the socket. */
const MAX_WAITING = 256;

/** Resolves when it is open. */
export async function connectWyoming(
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<WyomingConnection> {
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  const ready = Promise.withResolvers<void>();
  const stop = () => socket.destroy(new Error('not connected in time'));
  signal.addEventListener('abort', stop, { once: true });
  socket.once('connect', ready.resolve).on('error', ready.reject);
  try {
    await ready.promise;
    return wrap(socket);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function wrap(socket: Socket): WyomingConnection {
  const decoder = createWyomingDecoder();
  const waiting: WyomingEvent[] = [];
  let bell = Promise.withResolvers<void>();
  const ring = () => {
    bell.resolve();
    bell = Promise.withResolvers();
  };

  socket.on('data', (bytes) => {
    try {
      waiting.push(...decoder.push(bytes));
    } catch {
      // What it is stands in no error: it may be anything.
      socket.destroy();
    }
    if (waiting.length > MAX_WAITING) socket.pause();
    ring();
  });
  socket.once('close', ring).once('end', () => socket.destroy());

  return {
    get open() {
      return !socket.destroyed && waiting.length === 0;
    },
    send: (event) => void socket.write(encodeWyoming(event)),
    async next() {
      for (;;) {
        const event = waiting.shift();
        if (waiting.length === 0) socket.resume();
        if (event) return event;
        if (socket.destroyed) {
          throw new RuntimeError(
            'REMOTE_FAILED',
            'wyoming: the connection ended, or broke its protocol',
          );
        }
        await bell.promise;
      }
    },
    close: () => void socket.destroy(),
    onClose: (listener) => void socket.once('close', listener),
  };
}
