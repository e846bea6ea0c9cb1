/** Follows topics for many listeners: one subscription per topic, and the last payload for whoever comes later. */
import type { Foreign } from '@hearth/runtime';

/** State reports of real devices stay below 4 kB. Larger ones are dropped by the bus, with a warning. */
const MAX_PAYLOAD = 16_000;

export interface Topics {
  /** @returns what ends it; undefined when there are too many topics */
  follow(topic: string, listener: (payload: string) => void): (() => void) | undefined;
  close(): void;
}

interface Followed {
  readonly listeners: Set<(payload: string) => void>;
  readonly end: Promise<() => Promise<void>>;
  last: string | undefined;
}

/** @param limit topics at once */
export function createTopics(foreign: Foreign, limit: number): Topics {
  const followed = new Map<string, Followed>();

  function open(topic: string): Followed {
    const listeners = new Set<(payload: string) => void>();
    const end = foreign.subscribe(
      topic,
      ({ payload }) => {
        const text = new TextDecoder().decode(payload);
        entry.last = text;
        for (const listener of listeners) listener(text);
      },
      { limitBytes: MAX_PAYLOAD },
    );
    const entry: Followed = { listeners, end, last: undefined };
    followed.set(topic, entry);
    return entry;
  }

  function drop(topic: string, { end }: Followed): void {
    followed.delete(topic);
    // Closing a subscription of a bus that has ended is no failure.
    end.then((close) => close()).catch(() => undefined);
  }

  return {
    follow(topic, listener) {
      const entry = followed.get(topic) ?? (followed.size < limit ? open(topic) : undefined);
      if (!entry) return undefined;
      entry.listeners.add(listener);
      if (entry.last !== undefined) listener(entry.last);
      return () => {
        entry.listeners.delete(listener);
        if (entry.listeners.size === 0 && followed.get(topic) === entry) drop(topic, entry);
      };
    },
    close() {
      for (const [topic, entry] of followed) drop(topic, entry);
    },
  };
}
