/** Sums. */
import { calculate, numberInWords } from '@hearth/core';
import type { IntentGroup } from './intent.ts';

export const arithmetic: IntentGroup = {
  intents: [
    {
      name: 'arithmetic.calculate',
      patterns: [
        '(what is|how much is|calculate) {sum:arithmetic}',
        '~ [compute|work out|how many is|how many are|what are|how much are|what does] {sum:arithmetic} [make|equal|equals|is]',
      ],
      answer: ({ slots }) => answerSum(slots['sum'] ?? ''),
    },
  ],
};

function answerSum(sum: string): string {
  const result = calculate(sum);
  if ('value' in result) return `${inWords(result.spelled)} is ${inDigits(result.value)}.`;
  switch (result.problem) {
    case 'division-by-zero':
      return 'Nothing can be divided by zero, sorry.';
    case 'no-real-number':
      return 'There is no such number that I know of.';
    case 'too-large':
      return 'That is larger than I can count.';
    case 'not-a-sum':
      return 'I could not make a sum of that. Try something like: what is fifteen times three?';
  }
}

/** Small whole numbers as words, since the sum begins the sentence: `Fifteen times three`. */
function inWords(spelled: string): string {
  const words = spelled.replaceAll(/\d+(?:\.\d+)?/g, (digits) => {
    const value = Number(digits);
    return Number.isInteger(value) && value <= 1_000 ? numberInWords(value) : digits;
  });
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Three decimals, or three digits of what is smaller; `about` when that is not exact. */
function inDigits(value: number): string {
  const small = Math.abs(value) < 0.001;
  const rounded = Number(small ? value.toPrecision(3) : value.toFixed(3));
  const digits = new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 });
  const sign = rounded < 0 ? 'minus ' : '';
  return `${rounded === value ? '' : 'about '}${sign}${digits.format(Math.abs(rounded))}`;
}
