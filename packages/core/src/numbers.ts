/** Numbers in English words: read from what people say, written for what engines listen for. */

const ONES = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen ' +
  'fifteen sixteen seventeen eighteen nineteen'
).split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

const VALUES: ReadonlyMap<string, number> = new Map([
  ...ONES.map((word, value) => [word, value] as const),
  ...TENS.map((word, i) => [word, 20 + 10 * i] as const),
]);

const SCALES: ReadonlyMap<string, number> = new Map([
  ['thousand', 1_000],
  ['million', 1_000_000],
]);

/** The words that a grammar needs for 0 to 1000. */
export const NUMBER_WORDS = { ones: ONES, tens: TENS };

export interface ReadNumber {
  readonly value: number;
  /** How many of the words belong to it. */
  readonly length: number;
}

/**
 * The longest number that starts at a word: `two hundred and five`, `a thousand`, `three point one four`, `2.5 million`.
 * Digits that are told one by one stay apart: `one two three` is three numbers.
 * @param words lower case; hyphens are taken apart already
 */
export function readNumber(words: readonly string[], start: number): ReadNumber | undefined {
  const whole = readWhole(words, start);
  if (!whole) return undefined;
  const decimals = readDecimals(words, start + whole.length);
  if (!decimals) return whole;
  return {
    value: Number(`${whole.value}.${decimals}`),
    length: whole.length + 1 + decimals.length,
  };
}

function readWhole(words: readonly string[], start: number): ReadNumber | undefined {
  let group = readHundreds(words, start);
  if (!group) return undefined;
  let at = start + group.length;
  let total = 0;
  let ceiling = Number.POSITIVE_INFINITY;
  for (;;) {
    const scale = SCALES.get(words[at] ?? '') ?? ceiling;
    if (scale >= ceiling) return { value: total + group.value, length: at - start };
    total += group.value * scale;
    ceiling = scale;
    at += 1;
    const joined = words[at] === 'and' ? 1 : 0;
    const next = readHundreds(words, at + joined);
    if (!next || next.value >= ceiling) return { value: total, length: at - start };
    group = next;
    at += joined + next.length;
  }
}

/** Below a thousand in words: `two hundred and five`, `fifteen hundred`, `seven`. */
function readHundreds(words: readonly string[], start: number): ReadNumber | undefined {
  const count = readSmall(words, start);
  if (!count || words[start + count.length] !== 'hundred') return count;
  const value = count.value * 100;
  const length = count.length + 1;
  const joined = words[start + length] === 'and' ? 1 : 0;
  const rest = readSmall(words, start + length + joined);
  if (!rest || rest.value >= 100) return { value, length };
  return { value: value + rest.value, length: length + joined + rest.length };
}

/** Up to ninety-nine in words, `a` before a scale, or any number in digits. */
function readSmall(words: readonly string[], at: number): ReadNumber | undefined {
  const word = words[at];
  if (word === undefined) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(word)) return { value: Number(word), length: 1 };
  const next = words[at + 1] ?? '';
  if (word === 'a' && (next === 'hundred' || SCALES.has(next))) return { value: 1, length: 1 };
  const value = VALUES.get(word);
  if (value === undefined) return undefined;
  const unit = VALUES.get(next) ?? 0;
  if (value >= 20 && unit >= 1 && unit <= 9) return { value: value + unit, length: 2 };
  return { value, length: 1 };
}

/** @returns the digits behind `point` */
function readDecimals(words: readonly string[], at: number): string | undefined {
  if (words[at] !== 'point') return undefined;
  let digits = '';
  // Fifteen digits are all that a double holds.
  while (digits.length < 15) {
    const value = VALUES.get(words[at + 1 + digits.length] ?? '');
    if (value === undefined || value > 9) break;
    digits += value;
  }
  return digits === '' ? undefined : digits;
}

/**
 * A whole number in words, without `and`: 305 is `three hundred five`.
 * @param value 0 to 999,999
 */
export function numberInWords(value: number): string {
  if (value < 20) return ONES[value] ?? String(value);
  if (value < 100) return joinParts(TENS[Math.floor(value / 10) - 2] ?? '', value % 10);
  if (value < 1_000)
    return joinParts(`${numberInWords(Math.floor(value / 100))} hundred`, value % 100);
  return joinParts(`${numberInWords(Math.floor(value / 1_000))} thousand`, value % 1_000);
}

function joinParts(large: string, rest: number): string {
  return rest === 0 ? large : `${large} ${numberInWords(rest)}`;
}
