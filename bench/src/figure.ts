/** What a bench gives: figures, each beside what it is to be compared with. */
import { percentile, type Summary, summarize } from './stats.ts';

export interface Reading {
  readonly value: number;
  /** What the value was taken from. */
  readonly samples?: Summary;
}

interface Baseline extends Reading {
  readonly name: string;
}

export interface Target {
  /** `ratio` is value by baseline, `excess` value minus baseline. */
  readonly of: 'value' | 'ratio' | 'excess';
  readonly atMost: number;
}

export interface Figure extends Reading {
  readonly name: string;
  readonly unit: 'ms' | 'MB';
  readonly baseline?: Baseline;
  readonly target?: Target;
  /** Pieces of work that failed; then the target is missed, however fast the others were. */
  readonly failures?: number;
  /** What a reader must know to read it right. */
  readonly note?: string;
}

/** How one value is taken from many samples. */
export type Share = 'p50' | 'p99' | 'max';

const SHARES: Readonly<Record<Share, number>> = { p50: 0.5, p99: 0.99, max: 1 };

/** @throws RangeError without samples */
export function reading(samples: readonly number[], share: Share): Reading {
  return { value: percentile(samples, SHARES[share]), samples: summarize(samples) };
}
