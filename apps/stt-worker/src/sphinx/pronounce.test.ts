import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pronounce } from './pronounce.ts';

const PHONES = new Set(
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(
    ' ',
  ),
);

describe('pronounce', () => {
  it.each([
    ['zigbee', 'Z IH G B IY'],
    ['tado', 'T AE D OW'],
    ['sonoff', 'S OW N AA F'],
    ['nightlight', 'N AY T L AY T'],
    ['Knote', 'N OW T'],
  ])('reads %s as it is spoken', (word, phones) => {
    expect(pronounce(word)).toBe(phones);
  });

  it('spells what has no vowel', () => {
    expect(pronounce('tv')).toBe('T IY V IY');
    expect(pronounce('xbl')).toBe('EH K S B IY EH L');
  });

  it('has nothing to say about signs and other alphabets', () => {
    expect(pronounce('')).toBe('');
    expect(pronounce('42')).toBe('');
    expect(pronounce('лампа')).toBe('');
  });

  it('finds phones of the model for any letters', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,20}$/), (word) => {
        const phones = pronounce(word).split(' ');
        expect(phones.filter((phone) => phone !== '' && !PHONES.has(phone))).toEqual([]);
      }),
    );
  });
});
