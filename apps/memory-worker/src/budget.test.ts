import { describe, expect, it } from 'vitest';
import { withinBudget } from './budget.ts';
import type { Passage } from './engines/store.ts';

describe('withinBudget', () => {
  it('keeps everything that fits', () => {
    const passages = [passage(1, 10), passage(2, 10)];
    expect(withinBudget(passages, 100)).toEqual({ passages, truncated: false });
    expect(withinBudget([], 1)).toEqual({ passages: [], truncated: false });
  });

  it('ends where the next passage does not fit', () => {
    const result = withinBudget([passage(1, 35), passage(2, 350), passage(3, 1)], 40);
    expect(result.passages.map(({ id }) => id)).toEqual([1]);
    expect(result.truncated).toBe(true);
  });

  it('gives up what was said around a passage before the passage', () => {
    const before = [{ role: 'user' as const, text: 'x'.repeat(500) }];
    const result = withinBudget([{ ...passage(1, 35), before }], 40);
    expect(result).toEqual({ passages: [passage(1, 35)], truncated: true });
  });

  it('cuts the first passage rather than giving none', () => {
    const { passages, truncated } = withinBudget([passage(1, 5_000)], 20);
    expect(passages[0]?.text).toHaveLength(42);
    expect(truncated).toBe(true);
    expect(withinBudget([{ ...passage(1, 0), text: '😀'.repeat(9) }], 1).passages[0]?.text).toBe(
      '😀',
    );
  });
});

function passage(id: number, length: number): Passage {
  return { id, role: 'user', text: 'x'.repeat(length), ts: id, score: 1 };
}
