import { expect, it } from 'vitest';
import { cutUnits } from './units.ts';

it('leaves a short text whole', () => {
  expect(cutUnits(' The lamp is on. It is late. ')).toEqual(['The lamp is on. It is late.']);
  expect(cutUnits('  ')).toEqual([]);
});

it('cuts behind sentences, else behind clauses, else between words', () => {
  expect(cutUnits('One is here. Two is there, and three', 20)).toEqual([
    'One is here.',
    'Two is there,',
    'and three',
  ]);
  expect(cutUnits('alpha beta gamma delta', 12)).toEqual(['alpha beta', 'gamma delta']);
});

it('loses no word and keeps every unit within the limit, whatever the text', () => {
  const text =
    'Well, the first of 3.5 things is: nothing. Then there are others; many of them! '.repeat(20);
  const units = cutUnits(text, 50);
  expect(units.join(' ')).toBe(text.trim());
  expect(Math.max(...units.map((unit) => unit.length))).toBeLessThanOrEqual(50);
});

it('cuts an endless word, but no character', () => {
  const units = cutUnits('a' + '𝒳'.repeat(30), 10);
  expect(units.join('')).toBe('a' + '𝒳'.repeat(30));
  for (const unit of units) expect(unit.isWellFormed()).toBe(true);
});
