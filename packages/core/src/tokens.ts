/** Text as words to be compared: lower case, contractions written out, numbers as digits, each with its place in the source. */
import { readNumber } from './numbers.ts';

export interface Token {
  /** What is compared: a word in lower case, a number in digits, or a sign. */
  readonly text: string;
  readonly kind: 'word' | 'number' | 'sign';
  /** Where it stood: `source.slice(start, end)`. */
  readonly start: number;
  readonly end: number;
}

// Alternatives that begin with different characters: no text makes it slow.
const PIECE =
  /\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\p{L}[\p{L}\p{M}]*(?:['’]\p{L}+)*|[-+*/×÷%^()=−–]/gu;

/** Commas within a number separate thousands. Hyphens between letters separate words. */
export function tokenize(source: string): Token[] {
  const pieces: Token[] = [];
  for (const match of source.matchAll(PIECE)) {
    const raw = match[0];
    const place = { start: match.index, end: match.index + raw.length };
    if (/^\d/.test(raw)) pieces.push({ text: plainNumber(raw), kind: 'number', ...place });
    else if (/^\p{L}/u.test(raw)) pieces.push(...wordsOf(raw, place));
    else if (!joinsLetters(source, place)) pieces.push({ text: sign(raw), kind: 'sign', ...place });
  }
  return joinNumbers(pieces);
}

/** `1,000` is 1000 and `007` is 7. Digits beyond what a number holds stay as they are. */
function plainNumber(raw: string): string {
  const digits = raw.replaceAll(',', '');
  return digits.length > 15 ? digits : String(Number(digits));
}

function sign(raw: string): string {
  return raw === '−' || raw === '–' ? '-' : raw;
}

function joinsLetters(source: string, { start, end }: { start: number; end: number }): boolean {
  return /^\p{L}-\p{L}$/u.test(source.slice(Math.max(0, start - 1), end + 1));
}

const CONTRACTIONS: ReadonlyMap<string, string> = new Map([
  ...'what where who when how that it there he she here'
    .split(' ')
    .map((word) => [`${word}'s`, `${word} is`] as const),
  ...'whats what,wheres where,whos who,whens when'
    .split(',')
    .map((pair) => pair.split(' '))
    .map(([typed = '', word = '']) => [typed, `${word} is`] as const),
  ["i'm", 'i am'],
  ['im', 'i am'],
  ["i've", 'i have'],
  ["you're", 'you are'],
  ["we're", 'we are'],
  ["they're", 'they are'],
  ["don't", 'do not'],
  ['dont', 'do not'],
  ["doesn't", 'does not'],
  ["can't", 'can not'],
  ['cannot', 'can not'],
  ["isn't", 'is not'],
  ["let's", 'let us'],
]);

/** A contraction becomes two words: the first keeps the letters, the second the rest. */
function wordsOf(raw: string, { start, end }: { start: number; end: number }): Token[] {
  const word = raw.toLowerCase().replaceAll('’', "'");
  const [first, second] = (CONTRACTIONS.get(word) ?? word).split(' ');
  if (first === undefined || second === undefined)
    return [{ text: word, kind: 'word', start, end }];
  const middle = Math.min(end, start + first.length);
  return [
    { text: first, kind: 'word', start, end: middle },
    { text: second, kind: 'word', start: middle, end },
  ];
}

/** Numbers in words become one token each, so that `fifteen`, `Fifteen` and `15` are the same. */
function joinNumbers(pieces: readonly Token[]): Token[] {
  const words = pieces.map(({ text }) => text);
  const tokens: Token[] = [];
  for (let at = 0; at < pieces.length; ) {
    const piece = pieces[at];
    const number = readNumber(words, at);
    const last = pieces[at + (number?.length ?? 1) - 1];
    if (!piece || !last) break;
    const single = !number || (number.length === 1 && piece.kind === 'number');
    tokens.push(
      single
        ? piece
        : { text: String(number.value), kind: 'number', start: piece.start, end: last.end },
    );
    at += number?.length ?? 1;
  }
  return tokens;
}
