/** Waiting that always ends: at the event, at the deadline, or when told to stop. */

/**
 * Resolves with what `settle` was given, or undefined at the deadline.
 *
 * @param begin is handed `settle` and returns what undoes it
 * @throws the reason of `signal`
 */
export async function waitFor<T>(
  begin: (settle: (value: T) => void) => () => void,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<T | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
  const onAbort = () => reject(signal?.reason);
  const timer = setTimeout(() => resolve(undefined), timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  const undo = begin(resolve);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    undo();
  }
}

/** @throws the reason of `signal` */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await waitFor(() => () => undefined, { timeoutMs: ms, signal });
}

/** Resolves when `signal` aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
