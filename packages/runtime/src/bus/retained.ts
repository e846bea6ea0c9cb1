/** The last retained publication per topic, for a broker that forgot them and for a last will that replaced them. */
import type { BusLog } from './bus-log.ts';
import type { Outgoing } from './transport.ts';

/** A service has a health topic and at most a registry or two. */
const LIMIT = 64;

export function createRetained(log: BusLog) {
  const messages = new Map<string, Outgoing>();
  let connections = 0;
  return {
    /** At the limit the oldest is forgotten here; the broker still has it. */
    remember(message: Outgoing): void {
      messages.delete(message.topic);
      if (message.payload.length === 0) return;
      messages.set(message.topic, message);
      for (const topic of messages.keys()) {
        if (messages.size <= LIMIT) return;
        messages.delete(topic);
        log.warn({ topic }, 'too many retained topics: this one is not published again');
      }
    },
    /** What earlier connections published. Before the first connection everything still waits in the outbox. */
    previous(): readonly Outgoing[] {
      return connections++ === 0 ? [] : [...messages.values()];
    },
  };
}
