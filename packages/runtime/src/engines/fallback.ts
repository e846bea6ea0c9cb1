/** Puts a second engine behind a first one: when the first fails, the second answers, and health says so. */
import { RuntimeError } from '../errors.ts';
import type { HealthReporter } from '../health.ts';
import type { Log } from '../log.ts';
import type { RunningEngine } from '../offload/engine.ts';
import { asError } from '../offload/wire-error.ts';

export interface FallbackOptions {
  readonly health: HealthReporter;
  readonly log: Pick<Log, 'warn'>;
  /** True for an error that the second engine could not do better with: it is the caller's. */
  readonly isCallersFault?: (thrown: unknown) => boolean;
}

/**
 * For calls that stand alone: an engine that is fed piece by piece would lose what its twin has heard.
 * Each call asks the first engine; one that is often away has a guard (`createRemoteGuard`), so that it fails at once.
 * While `first` is not loaded yet, the second answers. Both are closed together.
 */
export function withFallback<Port>(
  first: RunningEngine<Port>,
  second: RunningEngine<Port>,
  { health, log, isCallersFault = () => false }: FallbackOptions,
): RunningEngine<Port> {
  let closed = false;

  function failed(thrown: unknown): void {
    const error = asError(thrown);
    const reason = `${error.message}; ${second.name} answers instead`;
    log.warn({ engine: first.name, fallback: second.name }, reason);
    health.degraded('engine', reason);
  }

  return {
    name: first.name,
    get offloaded() {
      return first.offloaded || second.offloaded;
    },
    has: (method) => first.has(method) || second.has(method),
    async call(method, input, options = {}) {
      if (!first.has(method) && second.has(method))
        return await second.call(method, input, options);
      const { signal } = options;
      try {
        // Nothing is handed over to the first engine: the second could not read it any more.
        const output = await first.call(method, input, { signal });
        health.ok('engine');
        return output;
      } catch (thrown) {
        if (closed || signal?.aborted || isCancelled(thrown) || isCallersFault(thrown))
          throw thrown;
        failed(thrown);
        return await second.call(method, input, options);
      }
    },
    get stats() {
      const pending = first.stats.pending + second.stats.pending;
      return { pending, replaced: first.stats.replaced + second.stats.replaced };
    },
    async close() {
      closed = true;
      await Promise.all([first.close(), second.close()]);
    },
  };
}

/**
 * A reporter for the second engine, whose ups and downs are not those of the first:
 * what it says of `engine` is said of `fallback`.
 */
export function fallbackHealth(health: HealthReporter): HealthReporter {
  const rename = (name: string) => name.replace(/^engine/, 'fallback');
  return {
    degraded: (part, reason) => health.degraded(rename(part), reason),
    ok: (part) => health.ok(rename(part)),
    detail: (key, value) => health.detail(rename(key), value),
  };
}

function isCancelled(thrown: unknown): boolean {
  return thrown instanceof RuntimeError && thrown.code === 'CANCELLED';
}
