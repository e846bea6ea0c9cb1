import { expect, it } from 'vitest';
import { coveredMs, percentile, summarize } from './stats.ts';

it('takes percentiles that are samples themselves', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(summarize(hundred)).toEqual({ count: 100, min: 1, p50: 50, p99: 99, max: 100 });
  expect(summarize([3, 1])).toEqual({ count: 2, min: 1, p50: 1, p99: 3, max: 3 });
});

it('refuses to sum up nothing', () => {
  expect(() => percentile([], 0.5)).toThrow(RangeError);
});

it('leaves the samples in their order', () => {
  const samples = [3, 1, 2];
  summarize(samples);
  expect(samples).toEqual([3, 1, 2]);
});

it.each([
  ['nothing', [], 0],
  ['one inside', [[10, 30]], 20],
  [
    'two that overlap, once',
    [
      [10, 30],
      [20, 40],
    ],
    30,
  ],
  [
    'one inside another, once',
    [
      [10, 60],
      [20, 30],
      [55, 70],
    ],
    60,
  ],
  [
    'only what lies in the time looked at',
    [
      [-50, 10],
      [90, 200],
      [300, 400],
    ],
    20,
  ],
  [
    'them in any order',
    [
      [50, 60],
      [10, 20],
    ],
    20,
  ],
])('covers %s', (_what, pairs, expected) => {
  const intervals = pairs.map(([startMs = 0, endMs = 0]) => ({ startMs, endMs }));
  expect(coveredMs(intervals, { startMs: 0, endMs: 100 })).toBe(expected);
});
