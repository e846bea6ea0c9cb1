/** Which of the recalled passages answers, and how long ago it was said. */
import type { Passage } from '../engines/generator.ts';
import { dateOf } from './clock.ts';
import type { Asked } from './intent.ts';

/** Words that say nothing about what is asked for. */
const STOP_WORDS = new Set(
  (
    'a an and are at be been did do does for from had has have her his how i in is it its me mine my no not of on ' +
    'or our she he so some that the their them there they this those to us was we were what when where which who ' +
    'whose why will with you your yours about say said tell told put left know remember anything something'
  ).split(' '),
);
const MAX_WORDS = 20;
const FACTS = 10;
const UTTERANCES = 30;
const DAY_MS = 86_400_000;

export function keywordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(words.filter((word) => !STOP_WORDS.has(word)))].slice(0, MAX_WORDS);
}

/** Facts before what was said in passing; what covers more of the question before what covers less; then the newest. */
export async function findPassage(
  { tools, tellsNothing }: Asked,
  words: readonly string[],
): Promise<Passage | undefined> {
  const text = words.join(' ');
  // At once, so that both together take no longer than the memory's one deadline.
  const [facts, said] = await Promise.all([
    tools.recall({ text, topK: FACTS, roles: ['fact'] }),
    tools.recall({ text, topK: UTTERANCES, roles: ['user'] }),
  ]);
  const telling = said.filter((passage) => !tellsNothing(passage));
  const ranked = [...facts, ...telling].map((passage) => ({ passage, ...rate(passage, words) }));
  ranked.sort(
    (a, b) =>
      b.covered - a.covered ||
      Number(b.passage.role === 'fact') - Number(a.passage.role === 'fact') ||
      Number(b.leads) - Number(a.leads) ||
      b.passage.ts - a.passage.ts,
  );
  const [best] = ranked;
  // Half of the words, at least: one common word makes no answer.
  return best && best.covered * 2 >= words.length ? best.passage : undefined;
}

function rate({ text }: Passage, words: readonly string[]) {
  const own = keywordsOf(text).map(stem);
  const covered = words.filter((word) => own.includes(stem(word))).length;
  // "my keys are in the drawer" is about the keys; "I dropped wine on my keys" is not.
  const leads = own[0] !== undefined && words.map(stem).includes(own[0]);
  return { covered, leads };
}

/** Enough to see that `keys` and `key` are the same thing. */
function stem(word: string): string {
  return word.length > 3 ? word.replace(/ies$/, 'y').replace(/s$/, '') : word;
}

/** Empty when it was less than a day ago. */
export function toldWhen(ts: number, { now, timeZone }: Asked): string {
  const days = Math.floor((now - ts) / DAY_MS);
  if (days < 1) return '';
  if (days === 1) return 'yesterday';
  const words = ['two', 'three', 'four', 'five', 'six'][days - 2];
  return words ? `${words} days ago` : `on ${dateOf(ts, timeZone)}`;
}
