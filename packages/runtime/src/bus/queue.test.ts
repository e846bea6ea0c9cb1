import { describe, expect, it } from 'vitest';
import { createQueue } from './queue.ts';

describe('queue', () => {
  it('drops the oldest at the limit of items', () => {
    const queue = createQueue<number>({ limit: 2, overflow: 'drop-oldest' });
    expect([1, 2, 3].flatMap((item) => queue.push(item, 1))).toEqual([1]);
    expect([queue.shift(), queue.shift(), queue.shift()]).toEqual([2, 3, undefined]);
    expect(queue.dropped).toBe(1);
  });

  it('refuses the new one at the limit of items', () => {
    const queue = createQueue<number>({ limit: 2, overflow: 'reject' });
    expect([1, 2, 3].flatMap((item) => queue.push(item, 1))).toEqual([3]);
    expect(queue.dropped).toBe(1);
  });

  it('holds 64 MB at most, and any one item when it is empty', () => {
    const queue = createQueue<number>({ limit: 1_000, overflow: 'drop-oldest' });
    expect([1, 2, 3, 4, 5].flatMap((item) => queue.push(item, 20_000_000))).toEqual([1, 2]);
    queue.clear();
    expect(queue.push(9, 100_000_000)).toEqual([]);
  });
});
