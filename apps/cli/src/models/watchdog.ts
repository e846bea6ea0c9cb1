/** Aborts when what is expected does not happen in time, or when its parent does. */
import { Passing } from './fetch-error.ts';

export interface Watchdog {
  readonly signal: AbortSignal;
  /** Begins the time limit anew. */
  expect(limitMs: number, orElse: string): void;
  stop(): void;
}

export function createWatchdog(parent: AbortSignal): Watchdog {
  const controller = new AbortController();
  const abort = () => controller.abort(parent.reason);
  let timer: NodeJS.Timeout | undefined;
  parent.addEventListener('abort', abort, { once: true });
  if (parent.aborted) abort();
  return {
    signal: controller.signal,
    expect(limitMs, orElse) {
      clearTimeout(timer);
      const seconds = Math.round(limitMs / 100) / 10;
      timer = setTimeout(() => {
        controller.abort(new Passing(`${orElse} for ${seconds} s`));
      }, limitMs);
    },
    stop() {
      clearTimeout(timer);
      parent.removeEventListener('abort', abort);
    },
  };
}
