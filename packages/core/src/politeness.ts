/** Words around a command that say nothing about it. */
import type { Token } from './tokens.ts';

const BEFORE = phrases([
  'hey hearth',
  'hi hearth',
  'hello hearth',
  'ok hearth',
  'okay hearth',
  'hearth',
  'please',
  'kindly',
  'could you',
  'can you',
  'would you',
  'will you',
  'would you mind',
  'i want you to',
  'i would like you to',
  'so',
  'well',
  'um',
  'uh',
  'ok',
  'okay',
]);
const AFTER = phrases(['please', 'hearth', 'thanks', 'thank you', 'if you please', 'will you']);

function phrases(lines: readonly string[]): string[][] {
  return lines.map((line) => line.split(' ')).sort((a, b) => b.length - a.length);
}

const NAME = phrases(['hey hearth', 'hi hearth', 'ok hearth', 'okay hearth', 'hearth']);

/** What may have been meant, barest first. The last is the whole: `thank you` and `can you hear me` are polite all through. */
export function bareForms(tokens: readonly Token[]): (readonly Token[])[] {
  const forms = [strip(tokens, BEFORE, AFTER), strip(tokens, NAME, NAME), tokens];
  return forms.filter(({ length }, i) => length > 0 && length !== forms[i - 1]?.length);
}

function strip(
  tokens: readonly Token[],
  before: readonly string[][],
  after: readonly string[][],
): readonly Token[] {
  let start = 0;
  let end = tokens.length;
  const stands = (words: readonly string[], at: number) =>
    at >= start &&
    at + words.length <= end &&
    words.every((word, i) => tokens[at + i]?.text === word);
  for (;;) {
    const first = before.find((words) => stands(words, start));
    start += first?.length ?? 0;
    const last = after.find((words) => stands(words, end - words.length));
    end -= last?.length ?? 0;
    if (!first && !last) return tokens.slice(start, end);
  }
}
