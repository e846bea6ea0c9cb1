/** Waits that end: a promise raced against a deadline or a signal, whose timer and listener are always released. */
import { RuntimeError } from '../errors.ts';

/** What `beforeDeadline` resolves with when the deadline came first. */
export const DEADLINE = Symbol('deadline');

export async function beforeDeadline<Value>(
  work: Promise<Value>,
  limitMs: number,
): Promise<Value | typeof DEADLINE> {
  const deadline = Promise.withResolvers<typeof DEADLINE>();
  const timer = setTimeout(() => deadline.resolve(DEADLINE), limitMs);
  try {
    return await Promise.race([work, deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** TIMEOUT for `AbortSignal.timeout`, CANCELLED for everything else. */
export function abandoned(signal: AbortSignal | undefined, what: string): RuntimeError {
  const cause: unknown = signal?.reason;
  return cause instanceof DOMException && cause.name === 'TimeoutError'
    ? new RuntimeError('TIMEOUT', `${what}: not done in time`, { cause })
    : new RuntimeError('CANCELLED', `${what}: cancelled`, { cause });
}

/** Settles like `work`, or rejects as soon as `signal` fires. */
export async function untilAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal | undefined,
  what: string,
): Promise<Value> {
  if (!signal) return await work;
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(abandoned(signal, what));
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
