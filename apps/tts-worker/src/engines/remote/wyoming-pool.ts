/** Connections to one Wyoming server: used again while the server leaves them open, one question at a time on each. */
import type { WyomingEvent } from '@hearth/core';
import { RuntimeError } from '@hearth/runtime';
import type { WyomingConnection } from './wyoming-connection.ts';

export interface WyomingPool {
  /** The events of the answer, up to and with the one that `isEnd`. `signal` ends the connection. */
  ask(
    question: { readonly type: string; readonly data?: Readonly<Record<string, unknown>> },
    isEnd: (type: string) => boolean,
    signal: AbortSignal,
  ): AsyncGenerator<WyomingEvent>;
  close(): void;
}

/** Kept open for the next question. */
const MAX_IDLE = 2;
/** Rooms that speak at once. */
const MAX_OPEN = 8;

export function createWyomingPool(
  open: (signal: AbortSignal) => Promise<WyomingConnection>,
): WyomingPool {
  const idle = new Set<WyomingConnection>();
  const all = new Set<WyomingConnection>();

  async function take(signal: AbortSignal): Promise<WyomingConnection> {
    for (const waiting of idle) {
      idle.delete(waiting);
      if (waiting.open) return waiting;
      waiting.close();
    }
    if (all.size >= MAX_OPEN) {
      throw new RuntimeError('QUEUE_FULL', `wyoming: ${MAX_OPEN} connections are in use`);
    }
    const connection = await open(signal);
    all.add(connection);
    connection.onClose(() => {
      all.delete(connection);
      idle.delete(connection);
    });
    return connection;
  }

  function giveBack(connection: WyomingConnection, signal: AbortSignal, stop: () => void): void {
    signal.removeEventListener('abort', stop);
    if (connection.open && idle.size < MAX_IDLE) idle.add(connection);
    else connection.close();
  }

  return {
    async *ask(question, isEnd, signal) {
      const connection = await take(signal);
      const stop = () => connection.close();
      signal.addEventListener('abort', stop, { once: true });
      let complete = false;
      try {
        if (signal.aborted) stop();
        connection.send(question);
        while (!complete) {
          const event = await connection.next();
          complete = isEnd(event.type);
          // Free before its last event is read: whoever reads it may ask again at once, or never read on.
          if (complete) giveBack(connection, signal, stop);
          yield event;
        }
      } finally {
        signal.removeEventListener('abort', stop);
        if (!complete) connection.close();
      }
    },
    close() {
      for (const connection of all) connection.close();
    },
  };
}
