/** Tells the log that messages are lost at a limit: at once, then at most once a minute. */
import type { Log } from '../log.ts';

const TELL_EVERY_MS = 60_000;

export function createOverflowLog(log: Log, topic: string): (dropped: number) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (dropped) => {
    const now = performance.now();
    if (now - toldAt < TELL_EVERY_MS) return;
    toldAt = now;
    log.warn({ topic, dropped }, 'inbox full: messages are dropped');
  };
}
