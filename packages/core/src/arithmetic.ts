/** Works out sums as people say or type them: `fifteen times three`, `2 + 3 * (4 - 1)`, `20 percent of 50`. */
import { type Token, tokenize } from './tokens.ts';

export type Calculation =
  | {
      readonly value: number;
      /** The sum in words, as far as it was understood: `15 times 3`. */
      readonly spelled: string;
    }
  | { readonly problem: 'division-by-zero' | 'no-real-number' | 'too-large' | 'not-a-sum' };

/** Written and spoken forms of one operator. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['+', 'plus'],
  ['-', 'minus'],
  ['*', 'times'],
  ['×', 'times'],
  ['x', 'times'],
  ['multiplied', 'times'],
  ['/', 'over'],
  ['÷', 'over'],
  ['divided', 'over'],
  ['%', 'percent'],
  ['^', 'power'],
  ['half', 'half'],
  ...'plus minus times over percent of squared cubed power square root ( )'
    .split(' ')
    .map((word) => [word, word] as const),
]);
/** Said, but without a meaning of their own: `divided by`, `to the power of`, `2 + 3 =`. */
const FILLERS = new Set(['by', 'to', 'the', '=', 'per', 'cent', 'and']);

export function isOperatorWord(text: string): boolean {
  return WORDS.has(text) && text !== '(' && text !== ')';
}

export function isArithmeticWord(text: string): boolean {
  return WORDS.has(text) || FILLERS.has(text) || /^\d/.test(text);
}

/** Deeper nesting than this is no sum that a person says. */
const MAX_DEPTH = 50;
/** Whole numbers are exact up to here. */
const LARGEST = Number.MAX_SAFE_INTEGER;

class Unsolvable extends Error {
  readonly problem: Extract<Calculation, { problem: string }>['problem'];
  constructor(problem: Unsolvable['problem']) {
    super(problem);
    this.problem = problem;
  }
}

export function calculate(text: string): Calculation {
  const items = tokenize(text)
    .filter(({ text }) => !FILLERS.has(text))
    .map(itemOf);
  try {
    const value = evaluate(items);
    if (!(Math.abs(value) <= LARGEST)) return { problem: 'too-large' };
    return { value: Number(value.toPrecision(14)), spelled: spell(items) };
  } catch (error) {
    if (error instanceof Unsolvable) return { problem: error.problem };
    throw error;
  }
}

type Item = number | string;

function itemOf({ text, kind }: Token): Item {
  return kind === 'number' ? Number(text) : (WORDS.get(text) ?? text);
}

function evaluate(items: readonly Item[]): number {
  let at = 0;
  let depth = 0;
  const take = (word: Item) => items[at] === word && ++at > 0;

  function sum(): number {
    let total = product();
    for (;;) {
      const sign = take('plus') ? 1 : take('minus') ? -1 : 0;
      if (sign === 0) return total;
      const start = at;
      const next = product();
      // `200 plus 10 percent` is 220, as on any calculator.
      const share = at === start + 2 && items[start + 1] === 'percent';
      total += sign * next * (share ? total : 1);
    }
  }

  function product(): number {
    let total = signed();
    for (;;) {
      if (take('times') || take('of')) total *= signed();
      else if (take('over')) total = divide(total, signed());
      else return total;
    }
  }

  function signed(): number {
    let sign = 1;
    while (items[at] === 'minus' || items[at] === 'plus') if (items[at++] === 'minus') sign = -sign;
    return sign * power();
  }

  function power(): number {
    const base = suffixed();
    if (!take('power')) return base;
    take('of');
    return real(base ** nested(signed));
  }

  function suffixed(): number {
    let value = primary();
    for (;;) {
      if (take('squared')) value **= 2;
      else if (take('cubed')) value **= 3;
      else if (take('percent')) value /= 100;
      else return value;
    }
  }

  function primary(): number {
    const item = items[at++];
    if (typeof item === 'number') return item;
    if (item === 'half') return 0.5;
    if (item === 'square' && take('root') && take('of')) return real(Math.sqrt(nested(signed)));
    if (item !== '(') throw new Unsolvable('not-a-sum');
    const value = nested(sum);
    if (!take(')')) throw new Unsolvable('not-a-sum');
    return value;
  }

  function nested(read: () => number): number {
    if (++depth > MAX_DEPTH) throw new Unsolvable('not-a-sum');
    const value = read();
    depth -= 1;
    return value;
  }

  const value = sum();
  if (at < items.length) throw new Unsolvable('not-a-sum');
  return value;
}

function divide(dividend: number, divisor: number): number {
  if (divisor === 0) throw new Unsolvable('division-by-zero');
  return dividend / divisor;
}

function real(value: number): number {
  if (Number.isNaN(value)) throw new Unsolvable('no-real-number');
  return value;
}

const SPELLED: ReadonlyMap<Item, string> = new Map([
  ['over', 'divided by'],
  ['power', 'to the power of'],
  ['square', 'the square'],
  ['(', ''],
  [')', ''],
]);

/** Brackets are not spelled: nobody can say them. */
function spell(items: readonly Item[]): string {
  return items
    .map((item) => SPELLED.get(item) ?? String(item))
    .filter((word) => word !== '')
    .join(' ')
    .replaceAll('power of of', 'power of');
}
