import { describe, expect, it } from 'vitest';
import { createTape } from './tape.ts';

describe('createTape', () => {
  it('gives back any stretch of what was pushed', () => {
    const tape = createTape();
    for (const piece of [[0, 1, 2], [], [3], [4, 5, 6, 7]]) tape.push(Int16Array.from(piece));
    expect(tape.end).toBe(8);
    expect([...tape.cut(0, 8)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([...tape.cut(2, 5)]).toEqual([2, 3, 4]);
    expect([...tape.cut(6, 99)]).toEqual([6, 7]);
    expect([...tape.cut(9, 12)]).toEqual([]);
  });

  it('forgets whole pieces before a sample, and keeps counting', () => {
    const tape = createTape();
    for (const piece of [
      [0, 1],
      [2, 3],
      [4, 5],
    ])
      tape.push(Int16Array.from(piece));
    tape.forget(3);
    expect([...tape.cut(0, 6)]).toEqual([2, 3, 4, 5]);
    tape.forget(6);
    tape.push(Int16Array.from([6]));
    expect([...tape.cut(0, 7)]).toEqual([6]);
  });
});
