/** The last retained publication per topic, for a broker that forgot them. */
import type { BusLog } from './core.ts';
import type { Outgoing } from './transport.ts';

/** A service has a health topic and at most a registry or two. */
const LIMIT = 64;

export function createRetained(log: BusLog) {
  const messages = new Map<string, Outgoing>();
  return {
    /** At the limit the oldest is forgotten here; the broker still has it. */
    remember(message: Outgoing): void {
      messages.delete(message.topic);
      if (message.payload.length === 0) return;
      messages.set(message.topic, message);
      for (const topic of messages.keys()) {
        if (messages.size <= LIMIT) return;
        messages.delete(topic);
        log.warn(
          { topic },
          'too many retained topics: this one is not published again after a reconnect',
        );
      }
    },
    all: (): Iterable<Outgoing> => messages.values(),
  };
}
