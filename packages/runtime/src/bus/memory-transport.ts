/** A broker inside the process, for tests. Delivers on a later microtask, as a network would; keeps retained messages. */
import { type Incoming, matches, type Transport } from './transport.ts';

/** Several buses may share one: closing a bus ends its own subscriptions only. */
export function createMemoryTransport(): Transport {
  const subscribers = new Set<{ filter: string; listener: (message: Incoming) => void }>();
  const retained = new Map<string, Incoming>();
  return {
    async publish({ topic, payload, retain }) {
      const message = { topic, payload };
      if (retain && payload.length > 0) retained.set(topic, message);
      if (retain && payload.length === 0) retained.delete(topic);
      for (const subscriber of subscribers) {
        if (matches(subscriber.filter, topic)) {
          queueMicrotask(() => subscribers.has(subscriber) && subscriber.listener(message));
        }
      }
    },
    async subscribe(filter, _qos, listener) {
      const subscriber = { filter, listener };
      subscribers.add(subscriber);
      for (const message of retained.values()) {
        if (matches(filter, message.topic)) {
          queueMicrotask(() => listener({ ...message, retained: true }));
        }
      }
      return async () => {
        subscribers.delete(subscriber);
      };
    },
    state: { status: 'ready' },
    onState: () => () => undefined,
    waiting: 0,
    async close() {
      // Others may share it.
    },
  };
}
