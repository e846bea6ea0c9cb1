/** Something that is to happen soon. Whoever waits for it never waits for ever. */

export interface Expectation<Value> {
  /** Rejects when the time is over. */
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
  /** Stops the clock. */
  readonly release: () => void;
}

/** @param explain what to say when it does not happen */
export function expectWithin<Value>(limitMs: number, explain: () => string): Expectation<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const timer = setTimeout(() => reject(new Error(`${explain()} (${limitMs / 1_000} s)`)), limitMs);
  // Several may be waited for one after the other: the later ones fail unheard meanwhile.
  promise.catch(() => {});
  return { promise, resolve, reject, release: () => clearTimeout(timer) };
}

/** Waits, then stops the clock. */
export async function met<Value>({ promise, release }: Expectation<Value>): Promise<Value> {
  try {
    return await promise;
  } finally {
    release();
  }
}
