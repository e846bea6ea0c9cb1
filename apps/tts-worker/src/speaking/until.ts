/** Waiting for a condition that other code brings about, with a deadline. */
import type { Clock } from './ports.ts';

export interface Bell {
  /** Wakes everybody who waits, to look again. */
  ring(): void;
  next(): Promise<void>;
}

export function createBell(): Bell {
  let round = Promise.withResolvers<void>();
  return {
    ring() {
      round.resolve();
      round = Promise.withResolvers<void>();
    },
    next: () => round.promise,
  };
}

export interface Waiting {
  readonly bell: Bell;
  readonly clock: Clock;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** True as soon as `ready` is, false after `limitMs`; throws the reason when `signal` aborts. */
export async function until(
  ready: () => boolean,
  { bell, clock, limitMs, signal }: Waiting,
): Promise<boolean> {
  signal.throwIfAborted();
  if (ready()) return true;
  const done = new AbortController();
  const alarm = { rang: false };
  const ring = () => {
    alarm.rang = true;
    bell.ring();
  };
  clock.sleep(limitMs, AbortSignal.any([signal, done.signal])).then(ring, ring);
  try {
    for (;;) {
      signal.throwIfAborted();
      if (ready()) return true;
      if (alarm.rang) return false;
      await bell.next();
    }
  } finally {
    done.abort();
  }
}
