/** BusLog lines for what can happen a thousand times a second: at once, then at most once a minute. */
import type { BusLog } from './bus-log.ts';

const TELL_EVERY_MS = 60_000;

/** @returns what tells the log; `count` is how often it has happened so far */
export function createSeldomLog(
  log: BusLog,
  { topic, text }: { readonly topic: string; readonly text: string },
): (count: number) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (count) => {
    const now = performance.now();
    if (now - toldAt < TELL_EVERY_MS) return;
    toldAt = now;
    log.warn({ topic, count }, text);
  };
}
