/** Waiting that can be cut short, and how long to wait before another try. */

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/** Doubles up to 30 s; the jitter keeps a whole house from coming back in the same instant. */
export function backOffMs(failures: number): number {
  const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1));
  return full * (0.5 + Math.random() / 2);
}

/** Resolves after `ms`, or as soon as `signal` aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}

/** What `work` resolves with, or undefined when `limitMs` pass first or it fails. Leaves no timer behind. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([
      work.catch(() => undefined),
      pause(limitMs, over.signal).then(() => undefined),
    ]);
  } finally {
    over.abort();
  }
}
