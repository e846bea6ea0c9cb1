import { beforeAll, describe, expect, it } from 'vitest';
import { type CountTokens, loadTokenizer } from './tokens.ts';

let count: CountTokens;
beforeAll(async () => {
  count = await loadTokenizer();
});

describe('tokens', () => {
  it.each([
    ['', 0],
    ['hello world', 2],
    ['Where did I put my keys?', 7],
  ])('of %j are %d', (text, tokens) => {
    expect(count(text)).toBe(tokens);
  });

  it('of control words are counted as what somebody said', () => {
    expect(count('<|endoftext|>')).toBeGreaterThan(1);
  });

  it('of a long text are nearly those of its sentences', () => {
    const sentence = 'The kettle is warm, and the bread is fresh.';
    const together = count(Array(100).fill(sentence).join(' '));
    const apart = 100 * count(sentence);
    expect(Math.abs(together - apart)).toBeLessThan(apart * 0.05);
  });
});
