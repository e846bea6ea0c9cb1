/** Sums samples up. */

export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * Nearest rank: always one of the samples, so that few samples do not make up a figure that none of them had.
 *
 * @param share 0 to 1
 * @throws RangeError without samples
 */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new RangeError('no samples');
  return value;
}

/** @throws RangeError without samples */
export function summarize(samples: readonly number[]): Summary {
  return {
    count: samples.length,
    min: percentile(samples, 0),
    p50: percentile(samples, 0.5),
    p99: percentile(samples, 0.99),
    max: percentile(samples, 1),
  };
}

export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** How much of `within` is covered by at least one interval: what overlaps counts once. */
export function coveredMs(intervals: readonly Interval[], within: Interval): number {
  let covered = 0;
  let reached = within.startMs;
  for (const { startMs, endMs } of intervals.toSorted((a, b) => a.startMs - b.startMs)) {
    const from = Math.max(startMs, reached);
    const to = Math.min(endMs, within.endMs);
    if (to > from) covered += to - from;
    reached = Math.max(reached, to);
  }
  return covered;
}
