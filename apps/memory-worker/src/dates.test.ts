import { describe, expect, it } from 'vitest';
import { datesIn, daysSpokenOf, includes } from './dates.ts';

describe('datesIn', () => {
  it.each([
    ['What did Ann do on 8 May 2023?', [{ day: 8, month: 4, year: 2023 }]],
    ['what happened on the 3rd of March', [{ day: 3, month: 2 }]],
    ['what happened on March 3rd, 2024', [{ day: 3, month: 2, year: 2024 }]],
    ['who came in July and in August?', [{ month: 6 }, { month: 7 }]],
    ['what did I buy in 2022', [{ year: 2022 }]],
    ['where were we in May', [{ month: 4 }]],
    ['what may I eat', []],
    ['how many of the 2000 tiles are left', []],
  ])('of %j are %j', (question, dates) => {
    expect(datesIn(question)).toEqual(dates);
  });
});

describe('daysSpokenOf', () => {
  const saidAt = new Date(2024, 2, 2, 12).getTime();
  it.each([
    ['I fell yesterday', { day: 1, month: 2 }, true],
    ['I fell yesterday', { day: 2, month: 2 }, false],
    ['we leave tomorrow', { day: 3, month: 2, year: 2024 }, true],
    ['we moved last year', { year: 2023 }, true],
    ['she called two weeks ago', { day: 17, month: 1 }, true],
    ['the party was last month', { month: 0 }, true],
    ['I was born in another year', { year: 2023 }, false],
  ])('%j, said on 2 March 2024, is about %j: %j', (text, date, expected) => {
    expect(daysSpokenOf(text, saidAt).some((span) => includes(span, date))).toBe(expected);
  });
});
