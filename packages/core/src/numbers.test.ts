import { describe, expect, it } from 'vitest';
import { numberInWords, readNumber } from './numbers.ts';

const read = (text: string) => readNumber(text.split(' '), 0);

describe('numbers in words', () => {
  it('reads every number from 0 to 1000 as it writes it, with and without "and"', () => {
    for (let value = 0; value <= 1_000; value += 1) {
      const words = numberInWords(value);
      expect(read(words)).toEqual({ value, length: words.split(' ').length });
      expect(read(words.replace('hundred ', 'hundred and '))?.value).toBe(value);
    }
  });

  it.each([
    ['a hundred', 100],
    ['a hundred and five', 105],
    ['fifteen hundred', 1_500],
    ['two hundred and five thousand and seven', 205_007],
    ['one million two hundred thousand and one', 1_200_001],
    ['2.5 million', 2_500_000],
    ['three point one four', 3.14],
    ['zero point five', 0.5],
  ])('reads "%s" as %d', (text, value) => {
    expect(read(text)).toEqual({ value, length: text.split(' ').length });
  });

  it.each([
    ['one two three', 1, 1],
    ['twenty ten', 20, 1],
    ['nineteen eighty four', 19, 1],
    ['two hundred and keys', 200, 2],
    ['two and three', 2, 1],
    ['five thousand six million', 5_006, 3],
    ['three point', 3, 1],
  ])('stops in "%s" where the number ends', (text, value, length) => {
    expect(read(text)).toEqual({ value, length });
  });

  it.each(['keys', 'a', 'a keys', 'and', 'point five', 'hundred'])('finds none in "%s"', (text) => {
    expect(read(text)).toBeUndefined();
  });
});
