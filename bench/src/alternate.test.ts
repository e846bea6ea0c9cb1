import { expect, it } from 'vitest';
import { alternate } from './alternate.ts';

it('takes turns in rounds, neither side always second, after runs that do not count', async () => {
  let order = '';
  const sides = {
    subject: async () => void (order += 's'),
    baseline: async () => void (order += 'b'),
  };
  const { subject, baseline } = await alternate({ rounds: 3, perRound: 2 }, sides);
  expect(order.match(/.{4}/g)).toEqual(['bbss', 'bbss', 'ssbb', 'bbss']);
  expect([subject.length, baseline.length]).toEqual([6, 6]);
});
