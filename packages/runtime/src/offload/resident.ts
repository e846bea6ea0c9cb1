/** An engine that lives in this thread: all of its methods promise not to hold the event loop. */
import { RuntimeError } from '../errors.ts';
import type { EngineObject } from './engine-class.ts';
import { beforeDeadline, DEADLINE } from './limits.ts';
import type { Job } from './line.ts';
import type { FullSpec } from './spec.ts';
import { asError } from './wire-error.ts';

/** Where an engine runs. Jobs come one at a time. */
export interface Residence {
  readonly replaced: number;
  run(job: Job, signal: AbortSignal): Promise<unknown>;
  /** Waits for the running job up to the limit of the spec, then rejects it with CLOSED. Never rejects. */
  close(): Promise<void>;
}

export function resideHere(spec: FullSpec, engine: EngineObject): Residence {
  const { name, callLimitMs, closeLimitMs } = spec;
  let running: Promise<unknown> = Promise.resolve();
  let giveUp: (reason: RuntimeError) => void = () => {};

  async function finish(): Promise<void> {
    await Promise.allSettled([running]);
    await engine.close();
  }

  return {
    replaced: 0,
    async run({ method, input }, signal) {
      const stop = new AbortController();
      signal.addEventListener('abort', () => stop.abort(), { once: true });
      const answer = Promise.withResolvers<unknown>();
      giveUp = answer.reject;
      running = engine.call(method, input, { signal: stop.signal });
      running.then(answer.resolve, (thrown) => answer.reject(failed(name, method, thrown)));
      const output = await beforeDeadline(answer.promise, callLimitMs);
      if (output !== DEADLINE) return output;
      stop.abort();
      throw overdue(name, method, callLimitMs);
    },
    async close() {
      const end = await beforeDeadline(finish().catch(asError), closeLimitMs);
      if (end === DEADLINE) giveUp(closedEarly(name));
    },
  };
}

/** The engine's own error is the cause. It is not in the message: it might repeat what was said. */
export function failed(name: string, method: string, thrown: unknown): RuntimeError {
  return new RuntimeError('ENGINE_FAILED', `${name}: ${method} failed`, { cause: asError(thrown) });
}

/** Nothing has been said to an engine that loads: its own words may be shown. */
export function notLoaded(name: string, thrown: unknown): RuntimeError {
  const cause = asError(thrown);
  return new RuntimeError('ENGINE_FAILED', `${name}: cannot load: ${cause.message}`, { cause });
}

export function overdue(name: string, what: string, limitMs: number): RuntimeError {
  return new RuntimeError('TIMEOUT', `${name}: ${what} took longer than ${limitMs} ms`);
}

export function closedEarly(name: string): RuntimeError {
  return new RuntimeError('CLOSED', `${name}: closed before the call was over`);
}
