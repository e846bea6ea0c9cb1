/** Publishes how long the steps of a turn took, on `trace/span`. */
import { traceSpan } from '@hearth/contracts';
import type { Bus, Context } from './bus/bus.ts';
import type { Log } from './log.ts';

interface SpanOptions {
  readonly context: Context;
  /** True when the time is an engine's own. */
  readonly engine?: boolean;
  readonly note?: string | undefined;
}

interface FinishedSpan extends SpanOptions {
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly ok?: boolean;
}

export interface Trace {
  /** Runs `work` and reports how long it took, whether it failed or not. */
  span<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T>;
  record(span: FinishedSpan): void;
}

/** Milliseconds since the Unix epoch with fractions, never going back within a process. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}

export function createTrace(bus: Bus, log: Log): Trace {
  function record({
    name,
    context,
    startMs,
    durationMs,
    ok = true,
    engine = false,
    note,
  }: FinishedSpan): void {
    const span = { name, startMs, durationMs, ok, engine, ...(note !== undefined && { note }) };
    bus.publish(traceSpan, span, context).catch((error) => {
      log.debug({ error }, 'span not published');
    });
  }
  return {
    record,
    async span(name, { context, engine, note }, work) {
      const startMs = preciseNow();
      let ok = false;
      try {
        const result = await work();
        ok = true;
        return result;
      } finally {
        const durationMs = preciseNow() - startMs;
        record({ name, context, startMs, durationMs, ok, engine: engine ?? false, note });
      }
    },
  };
}
