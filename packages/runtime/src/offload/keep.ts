/** Keeps an engine open for a service: opens it in the background, tries again when it cannot, and tells health. */
import { RuntimeError } from '../errors.ts';
import type { HealthReporter } from '../health.ts';
import type { Log } from '../log.ts';
import { openEngine, type RunningEngine } from './engine.ts';
import { untilAborted } from './limits.ts';
import { type EngineChange, type EngineSpec, withDefaults } from './spec.ts';
import { asError } from './wire-error.ts';

const LONGEST_PAUSE_MS = 60_000;

export interface KeepOptions {
  readonly health: HealthReporter;
  readonly log: Pick<Log, 'info'>;
  /** Ends the tries. An engine that is loaded finishes what it has begun, until `close`. */
  readonly signal: AbortSignal;
  /** Waited after the first try that failed; doubles up to a minute. */
  readonly retryMs?: number;
}

/**
 * `call` waits for a load that is under way, up to its signal, and rejects with ENGINE_UNAVAILABLE when the last try
 * failed. `has` is false until the engine is loaded.
 */
export function keepEngine<Port>(
  spec: EngineSpec,
  { health, log, signal, retryMs = 1_000 }: KeepOptions,
): RunningEngine<Port> {
  const { name, queueLimit } = withDefaults(spec);
  const stop = new AbortController();
  let attempt = newAttempt<Port>();
  let engine: RunningEngine<Port> | undefined;
  let waiting = 0;
  let closing: Promise<void> | undefined;

  function tell(change: EngineChange): void {
    switch (change.to) {
      case 'loading':
        health.detail('engine', `${name}: ${change.note}`);
        return log.info({ engine: name, progress: change.note }, 'engine is loading');
      case 'ready':
        health.detail('engine', name);
        return health.ok('engine');
      case 'replacing':
      case 'unavailable':
        health.detail('engineReplaced', (engine?.stats.replaced ?? 0) + 1);
        return health.degraded('engine', change.reason);
    }
  }

  async function open(): Promise<void> {
    health.detail('engine', `${name}: loading`);
    for (let pauseMs = retryMs; !stop.signal.aborted; pauseMs *= 2) {
      if (await tryOnce()) return;
      await pause(Math.min(pauseMs, LONGEST_PAUSE_MS), stop.signal);
      if (!stop.signal.aborted) attempt = newAttempt();
    }
  }

  async function tryOnce(): Promise<boolean> {
    const start = performance.now();
    try {
      engine = await openEngine<Port>(spec, { signal: stop.signal, onChange: tell });
      const durationMs = Math.round(performance.now() - start);
      log.info({ engine: name, offloaded: engine.offloaded, durationMs }, 'engine is ready');
      attempt.resolve(engine);
      return true;
    } catch (thrown) {
      const cause = asError(thrown);
      if (stop.signal.aborted) return true;
      attempt.reject(new RuntimeError('ENGINE_UNAVAILABLE', cause.message, { cause }));
      health.degraded('engine', cause.message);
      return false;
    }
  }

  async function loaded(signal: AbortSignal | undefined): Promise<RunningEngine<Port>> {
    if (closing) throw new RuntimeError('CLOSED', `${name}: the engine is closed`);
    if (waiting >= queueLimit)
      throw new RuntimeError('QUEUE_FULL', `${name}: ${queueLimit} calls are waiting already`);
    waiting++;
    try {
      return await untilAborted(attempt.promise, signal, `${name}: load`);
    } finally {
      waiting--;
    }
  }

  async function end(): Promise<void> {
    signal.removeEventListener('abort', onAbort);
    stop.abort();
    attempt.reject(new RuntimeError('CLOSED', `${name}: the engine is closed`));
    await opening;
    await engine?.close();
  }

  function close(): Promise<void> {
    closing ??= end();
    return closing;
  }

  function onAbort(): void {
    if (!engine) void close();
  }

  const opening = open();
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });

  return {
    name,
    get offloaded() {
      return engine?.offloaded ?? false;
    },
    has: (method) => engine?.has(method) ?? false,
    async call(method, input, options) {
      const ready = engine ?? (await loaded(options?.signal));
      return await ready.call(method, input, options);
    },
    get stats() {
      const { pending = 0, replaced = 0 } = engine?.stats ?? {};
      return { pending: pending + waiting, replaced };
    },
    close,
  };
}

function newAttempt<Port>(): PromiseWithResolvers<RunningEngine<Port>> {
  const attempt = Promise.withResolvers<RunningEngine<Port>>();
  attempt.promise.catch(() => {});
  return attempt;
}

/** Resolves early when `signal` fires. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, ms);
  signal.addEventListener('abort', () => over.resolve(), { once: true });
  try {
    await over.promise;
  } finally {
    clearTimeout(timer);
  }
}
