/** Publications on their way to the broker: bounded, each with a time limit, resent after a lost connection. */
import { cancelled, RuntimeError } from '../errors.ts';
import type { Connection } from './connection.ts';
import type { Outgoing, Transport } from './transport.ts';

/** At the limit a publication is refused with QUEUE_FULL. */
const LIMIT = 1_000;
const LIMIT_BYTES = 64_000_000;
/** Unacknowledged at once; a broker may want fewer. */
const WINDOW = 64;
/** A publication that was under way when the connection broke, this often, is taken for the cause. */
const TRIES = 3;
/** Fixed header, lengths and property names of a PUBLISH. */
const HEADER_BYTES = 64;

interface Entry {
  readonly message: Outgoing;
  /** Connections that broke while it was under way. */
  broke: number;
  /** Its promise has ended; it may still occupy its place among those in flight. */
  settled: boolean;
  readonly settle: (error?: Error) => void;
}

export interface Outbox {
  send: Transport['publish'];
  /** False when it is larger than we or the broker allow. */
  fits(message: Outgoing): boolean;
  /** Sends what waits, and from now on everything, over `connection`. */
  open(connection: Connection): void;
  /** The connection is gone: what it did not acknowledge waits for the next one; QoS 0 is lost. */
  suspend(reason: string): void;
  /** Refuses everything from now on. */
  shut(error: RuntimeError): void;
  /** Resolves when nothing waits. */
  empty(): Promise<void>;
  readonly size: number;
  /** Of these, sent and not yet acknowledged. */
  readonly flying: number;
}

export function createOutbox(limitBytes: number): Outbox {
  let waiting = new Set<Entry>();
  let flying = new Set<Entry>();
  const idlers = new Set<() => void>();
  let connection: Connection | undefined;
  let offline: string | undefined;
  let shutBy: RuntimeError | undefined;
  let held = 0;

  function pump(): void {
    const window = Math.min(WINDOW, connection?.receiveMaximum ?? WINDOW);
    for (const entry of waiting) {
      // What a connection may have broken of goes alone, so that it harms nothing else and is found out.
      if (!connection || flying.size >= (entry.broke > 0 ? 1 : window)) return;
      waiting.delete(entry);
      post(entry, connection);
    }
  }

  function post(entry: Entry, over: Connection): void {
    const tooLarge = sizeError(entry.message, limitBytes, over);
    if (tooLarge) return entry.settle(tooLarge);
    const batch = flying;
    batch.add(entry);
    over.publish(entry.message, (error) => {
      // Of a connection that is gone: the entry has moved on.
      if (batch !== flying || over !== connection) return;
      batch.delete(entry);
      entry.settle(error && refusal(entry.message, error));
      pump();
    });
  }

  function retry(entry: Entry, reason: string): void {
    if (entry.settled) return;
    entry.broke++;
    if (entry.message.qos === 0) return entry.settle(new RuntimeError('OFFLINE', reason));
    if (entry.broke < TRIES) return void waiting.add(entry);
    const { topic } = entry.message;
    entry.settle(
      new RuntimeError('REFUSED', `${topic}: the connection broke each time it was sent`),
    );
  }

  function wakeIdlers(): void {
    if (waiting.size + flying.size > 0) return;
    for (const wake of idlers) wake();
    idlers.clear();
  }

  return {
    send(message, { timeoutMs, signal }) {
      const { topic, qos, payload } = message;
      const refused =
        shutBy ??
        (signal?.aborted ? cancelled(signal, topic) : undefined) ??
        sizeError(message, limitBytes, connection) ??
        (qos === 0 && offline !== undefined ? new RuntimeError('OFFLINE', offline) : undefined) ??
        (waiting.size + flying.size >= LIMIT || held + payload.length > LIMIT_BYTES
          ? new RuntimeError(
              'QUEUE_FULL',
              `${topic}: ${waiting.size + flying.size} publications are waiting for the broker already`,
            )
          : undefined);
      if (refused) return Promise.reject(refused);

      return new Promise<void>((resolve, reject) => {
        held += payload.length;
        const entry: Entry = {
          message,
          broke: 0,
          settled: false,
          settle(error) {
            if (entry.settled) return;
            entry.settled = true;
            waiting.delete(entry);
            held -= payload.length;
            clearTimeout(timer);
            signal?.removeEventListener('abort', onAbort);
            if (error) reject(error);
            else resolve();
            wakeIdlers();
          },
        };
        const onAbort = () => signal && entry.settle(cancelled(signal, topic));
        const timer = setTimeout(() => {
          entry.settle(
            connection
              ? new RuntimeError(
                  'TIMEOUT',
                  `${topic}: not taken by the broker within ${timeoutMs} ms`,
                )
              : new RuntimeError(
                  'OFFLINE',
                  `${topic}: not sent within ${timeoutMs} ms: ${offline ?? 'still connecting'}`,
                ),
          );
        }, timeoutMs);
        signal?.addEventListener('abort', onAbort, { once: true });
        waiting.add(entry);
        pump();
      });
    },
    fits: (message) => sizeError(message, limitBytes, connection) === undefined,
    open(next) {
      connection = next;
      offline = undefined;
      pump();
    },
    suspend(reason) {
      connection = undefined;
      offline = reason;
      const suspects = [...flying];
      const rest = [...waiting];
      flying = new Set();
      waiting = new Set();
      for (const entry of suspects) retry(entry, reason);
      for (const entry of rest) {
        if (entry.message.qos === 0) entry.settle(new RuntimeError('OFFLINE', reason));
        else waiting.add(entry);
      }
    },
    shut(error) {
      shutBy = error;
      connection = undefined;
      const rest = [...flying, ...waiting];
      flying = new Set();
      for (const entry of rest) entry.settle(error);
    },
    async empty() {
      if (waiting.size + flying.size === 0) return;
      await new Promise<void>((resolve) => idlers.add(resolve));
    },
    get flying() {
      return flying.size;
    },
    get size() {
      return waiting.size + flying.size;
    },
  };
}

/** One message above a broker's limit would end the connection each time it is sent. */
function sizeError(
  { topic, payload, outside }: Outgoing,
  limitBytes: number,
  connection: Connection | undefined,
): RuntimeError | undefined {
  const { responseTopic = '', correlationId = '', traceparent = '' } = outside ?? {};
  const names = Buffer.byteLength(topic + responseTopic + correlationId + traceparent);
  const limit = Math.min(
    limitBytes,
    (connection?.maximumPacketSize ?? Number.POSITIVE_INFINITY) - names - HEADER_BYTES,
  );
  if (payload.length <= limit) return undefined;
  return new RuntimeError(
    'PAYLOAD_TOO_LARGE',
    `${topic}: ${payload.length} bytes are more than the limit of ${limit}`,
  );
}

function refusal({ topic }: Outgoing, cause: Error): RuntimeError {
  return new RuntimeError('REFUSED', `${topic}: the broker refused it`, { cause });
}
