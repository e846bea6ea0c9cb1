/** Where the time of a turn went, as its spans say. */
import { traceSpan, type Topic } from '@hearth/contracts';

type DataOf<T> = T extends Topic<infer Data> ? Data : never;
export type Span = DataOf<typeof traceSpan>;

export interface Stage {
  readonly name: string;
  /** After the beginning of the turn's first stage, milliseconds. */
  readonly startMs: number;
  readonly durationMs: number;
}

/** The span over all others; it comes last. */
export const WHOLE_TURN = 'turn';

/** In the order of their beginnings. The clock is the services' own, so that a slow clock here shifts nothing. */
export function stagesOf(spans: readonly Span[]): Stage[] {
  const sorted = [...spans].sort((a, b) => a.startMs - b.startMs || b.durationMs - a.durationMs);
  const first = sorted[0]?.startMs ?? 0;
  return sorted.map(({ name, startMs, durationMs }) => ({
    name,
    startMs: tenths(startMs - first),
    durationMs: tenths(durationMs),
  }));
}

export function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
