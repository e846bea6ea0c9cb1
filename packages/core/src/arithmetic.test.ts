import { describe, expect, it } from 'vitest';
import { calculate } from './arithmetic.ts';

describe('arithmetic', () => {
  it.each([
    ['fifteen times three', 45, '15 times 3'],
    ['15*3', 45, '15 times 3'],
    ['15 x 3', 45, '15 times 3'],
    ['15x3', 45, '15 times 3'],
    ['15 multiplied by 3', 45, '15 times 3'],
    ['2 plus 3 times 4', 14, '2 plus 3 times 4'],
    ['(2 + 3) * 4', 20, '2 plus 3 times 4'],
    ['seven minus ten', -3, '7 minus 10'],
    ['-5 + 3', -2, 'minus 5 plus 3'],
    ['10 - -5', 15, '10 minus minus 5'],
    ['ten divided by four', 2.5, '10 divided by 4'],
    ['7 ÷ 2', 3.5, '7 divided by 2'],
    ['0.1 + 0.2', 0.3, '0.1 plus 0.2'],
    ['twenty percent of fifty', 10, '20 percent of 50'],
    ['20% of 150', 30, '20 percent of 150'],
    ['200 plus 10 percent', 220, '200 plus 10 percent'],
    ['200 - 10%', 180, '200 minus 10 percent'],
    ['five squared', 25, '5 squared'],
    ['2 cubed', 8, '2 cubed'],
    ['two to the power of ten', 1_024, '2 to the power of 10'],
    ['2^3^2', 512, '2 to the power of 3 to the power of 2'],
    ['the square root of 16', 4, 'the square root of 16'],
    ['half of 50', 25, 'half of 50'],
    ['2 + 2 =', 4, '2 plus 2'],
    ['1,000 + 1', 1_001, '1000 plus 1'],
  ])('%s is %d', (text, value, spelled) => {
    expect(calculate(text)).toEqual({ value, spelled });
  });

  it.each([
    ['5 divided by zero', 'division-by-zero'],
    ['5 / (3 - 3)', 'division-by-zero'],
    ['the square root of -4', 'no-real-number'],
    ['-1 ^ 0.5 * ((-1) ^ 0.5)', 'no-real-number'],
    ['9^9^9', 'too-large'],
    [`${'9'.repeat(400)} + 1`, 'too-large'],
    ['times times 3', 'not-a-sum'],
    ['2 plus', 'not-a-sum'],
    ['2 3', 'not-a-sum'],
    ['(2 + 3', 'not-a-sum'],
    ['', 'not-a-sum'],
    ['keys plus 2', 'not-a-sum'],
    ['('.repeat(8_000), 'not-a-sum'],
    ['square root of '.repeat(500), 'not-a-sum'],
    ['2^'.repeat(4_000), 'not-a-sum'],
  ])('%s is refused as %s', (text, problem) => {
    expect(calculate(text)).toEqual({ problem });
  });
});
