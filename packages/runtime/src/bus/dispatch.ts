/** Hands each message to whoever subscribed to it. One place, one try/catch: no listener can harm another or the connection. */
import type { BusLog } from './core.ts';
import { type Incoming, matches } from './transport.ts';

/** What a kept session delivers before its subscriber is there waits this long, and no more than this many. */
const EARLY_MS = 30_000;
const EARLY_LIMIT = 1_000;

interface Subscriber {
  readonly filter: string;
  readonly qos: 0 | 1;
  readonly listener: (message: Incoming) => void;
}

export function createDispatch(log: BusLog) {
  const subscribers = new Set<Subscriber>();
  let early: Incoming[] = [];
  let earlyUntil = Number.POSITIVE_INFINITY;

  function hand({ filter, listener }: Subscriber, message: Incoming): void {
    try {
      listener(message);
    } catch (error) {
      log.error({ error, topic: filter }, 'listener failed');
    }
  }

  return {
    /** The first connection starts the time that early messages are kept. */
    connected(): void {
      earlyUntil = Math.min(earlyUntil, performance.now() + EARLY_MS);
    },

    /** @returns what removes it; true when nobody else wants the filter */
    add(filter: string, qos: 0 | 1, listener: (message: Incoming) => void): () => boolean {
      const subscriber = { filter, qos, listener };
      subscribers.add(subscriber);
      const rest: Incoming[] = [];
      for (const message of early) {
        if (matches(filter, message.topic)) hand(subscriber, message);
        else rest.push(message);
      }
      early = rest;
      return () => {
        subscribers.delete(subscriber);
        return ![...subscribers].some((other) => other.filter === filter);
      };
    },

    deliver(message: Incoming): void {
      let wanted = false;
      for (const subscriber of subscribers) {
        if (!matches(subscriber.filter, message.topic)) continue;
        wanted = true;
        hand(subscriber, message);
      }
      if (wanted) return;
      if (performance.now() > earlyUntil) early = [];
      else if (early.length < EARLY_LIMIT) early.push(message);
      else log.warn({ topic: message.topic }, 'message dropped: nobody subscribes to it yet');
    },

    filters(): Iterable<{ filter: string; qos: 0 | 1 }> {
      return subscribers;
    },
  };
}
