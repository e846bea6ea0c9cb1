/** Hands each message to whoever subscribed to it. One place, one try/catch: no listener can harm another or the connection. */
import type { Connection } from './connection.ts';
import type { BusLog } from './bus-log.ts';
import { type Incoming, matches } from './transport.ts';

/** What a kept session delivers before its subscriber is there waits this long, and no more than this many. */
const EARLY_MS = 30_000;
const EARLY_LIMIT = 1_000;
const EARLY_LIMIT_BYTES = 16_000_000;

export interface Subscriber {
  readonly filter: string;
  readonly qos: 0 | 1;
  readonly listener: (message: Incoming) => void;
  /** The connection on which the broker was asked for it. */
  askedOn: Connection | undefined;
}

export function createDispatch(log: BusLog) {
  const subscribers = new Set<Subscriber>();
  let early: Incoming[] = [];
  let earlyBytes = 0;
  let takesEarly = true;
  let timer: NodeJS.Timeout | undefined;

  function hand({ filter, listener }: Subscriber, message: Incoming): void {
    try {
      listener(message);
    } catch {
      log.error({ filter }, 'listener failed');
    }
  }

  function keepEarly(message: Incoming): void {
    if (!takesEarly) return log.debug({ topic: message.topic }, 'nobody subscribes to it');
    if (early.length >= EARLY_LIMIT || earlyBytes + message.payload.length > EARLY_LIMIT_BYTES) {
      log.warn('too many messages before their subscriptions: the rest is dropped');
      takesEarly = false;
      return;
    }
    early.push(message);
    earlyBytes += message.payload.length;
  }

  function endEarly(): void {
    takesEarly = false;
    early = [];
    clearTimeout(timer);
  }

  return {
    /** The first connection starts the time that early messages are kept. */
    connected(): void {
      timer ??= setTimeout(endEarly, EARLY_MS).unref();
    },

    add(filter: string, qos: 0 | 1, listener: (message: Incoming) => void): Subscriber {
      const subscriber: Subscriber = { filter, qos, listener, askedOn: undefined };
      subscribers.add(subscriber);
      const mine = early.filter((message) => matches(filter, message.topic));
      early = early.filter((message) => !matches(filter, message.topic));
      for (const message of mine) {
        earlyBytes -= message.payload.length;
        hand(subscriber, message);
      }
      return subscriber;
    },

    /** True when nobody else wants its filter. */
    remove(subscriber: Subscriber): boolean {
      subscribers.delete(subscriber);
      return ![...subscribers].some(({ filter }) => filter === subscriber.filter);
    },

    deliver(message: Incoming): void {
      let wanted = false;
      for (const subscriber of subscribers) {
        if (!matches(subscriber.filter, message.topic)) continue;
        wanted = true;
        hand(subscriber, message);
      }
      if (!wanted) keepEarly(message);
    },

    subscribers: (): Iterable<Subscriber> => subscribers,

    close(): void {
      endEarly();
      subscribers.clear();
    },
  };
}
