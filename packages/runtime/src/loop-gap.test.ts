/** The measurement of event-loop gaps finds what holds the loop, whatever the signature says. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ALLOWED_GAP_MS, loopGap } from './loop-gap.ts';

function hold(forMs: number): void {
  const end = performance.now() + forMs;
  while (performance.now() < end);
}

it.each([
  ['before the first await', async () => hold(300)],
  [
    'between two awaits',
    async () => {
      await pause(10);
      hold(300);
      await pause(10);
    },
  ],
  [
    'right up to the end',
    async () => {
      await pause(10);
      hold(300);
    },
  ],
])('finds work that is async in name only and holds the loop %s', async (_, work) => {
  expect((await loopGap(work)).gapMs).toBeGreaterThan(ALLOWED_GAP_MS);
});

it('finds nothing in work that waits, and hands its value on', async () => {
  const { gapMs, value } = await loopGap(async () => await pause(100, 'done'));
  expect(value).toBe('done');
  expect(gapMs).toBeLessThan(ALLOWED_GAP_MS);
});

it('passes on the error of the work', async () => {
  await expect(loopGap(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
});
