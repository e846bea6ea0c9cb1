/** Words of an utterance: which of them carry meaning, and when two are the same. English. */

/** More distinct words than this add time to a search, not sense. */
const MAX_SEARCH_WORDS = 64;

/** Words of a text, lower case, in order. An apostrophe inside a word belongs to it. */
export function wordsOf(text: string): string[] {
  const normal = text.normalize('NFC').replaceAll('’', "'").toLowerCase();
  return normal.match(/[\p{L}\p{N}\p{M}]+(?:'[\p{L}\p{N}\p{M}]+)*/gu) ?? [];
}

/** What is worth searching for: no stop words, no repeats, `cat's` is `cat`. Empty when nothing is left. */
export function searchWords(text: string): string[] {
  const parts = wordsOf(text)
    .filter((word) => !STOP_WORDS.has(word))
    .flatMap((word) => word.split("'"))
    .filter((part) => !STOP_WORDS.has(part) && !CLITICS.has(part));
  return [...new Set(parts)].slice(0, MAX_SEARCH_WORDS);
}

/** All words without exception, for what must match to the letter. */
export function plainWords(text: string): string[] {
  return [...new Set(wordsOf(text).flatMap((word) => word.split("'")))];
}

/** As FTS5 takes them: the quotes keep it from reading anything in a word as an operator. */
export function phrases(words: readonly string[]): string[] {
  return words.map((word) => `"${word}"`);
}

/** The words without case, punctuation and spacing: two texts with the same key say the same. */
export function textKey(text: string): string {
  return wordsOf(text).join(' ') || text;
}

/** The same for a word with and without accents, in singular and plural. */
export function baseForm(word: string): string {
  const plain = word.normalize('NFD').replace(/\p{M}/gu, '');
  if (plain.length < 4 || /(?:ss|us|is)$/.test(plain)) return plain;
  if (plain.endsWith('ies')) return `${plain.slice(0, -3)}y`;
  return plain.replace(/(?<=ss|x|ch|sh)es$|s$/, '');
}

export function baseForms(text: string): Set<string> {
  return new Set(plainWords(text).map(baseForm));
}

/** Speech recognisers write no question mark, so the first words decide as well. */
export function isQuestion(text: string): boolean {
  return /[?？]\s*$/.test(text) || QUESTION_START.test(wordsOf(text).join(' '));
}

/**
 * The share of its words that tell nothing: questions, and "I do not know". Such sentences hold the words that are asked for,
 * but never the answer. From 0 to 1.
 */
export function emptyShare(text: string): number {
  const sentences = text.match(/[^.!?？]+[.!?？]*/g) ?? [];
  const counted = sentences.map((sentence) => ({ sentence, count: searchWords(sentence).length }));
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  const empty = counted
    .filter(({ sentence }) => isQuestion(sentence) || NOT_KNOWING.test(sentence))
    .reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return isQuestion(text) ? 1 : 0;
  return empty / total;
}

const NOT_KNOWING = /\b(?:do not|don[’']?t|did not|didn[’']?t) (?:know|remember|understand)\b/i;

const QUESTION_START =
  /^(?:(?:and|so|hey|ok|okay|please) )*(?:(?:who|what|when|where|why|how|which|whose)(?:'s|'re|'d|'ll)?|is|are|was|were|am|do|does|did|can|could|will|would|should|shall|has|have|had|tell me|do you know)(?: |$)/;

/** What is left of contractions when they are cut at the apostrophe. */
const CLITICS = new Set(['s', 't', 'd', 'm', 're', 've', 'll']);

const STOP_WORDS = new Set(
  `a about after again against all also am an and any are aren't as at be because been before being below between both
  but by can can't could couldn't did didn't do does doesn't doing don't down during each few for from further had hadn't
  has hasn't have haven't having he he'd he'll he's her here here's hers herself him himself his how how's i i'd i'll i'm
  i've if in into is isn't it it'd it'll it's its itself just let's me more most my myself no nor not of off on once only or
  other our ours ourselves out over own please same shall she she'd she'll she's should shouldn't so some such than that
  that'll that's the their theirs them themselves then there there's these they they'd they'll they're they've this those
  through to too under until up very was wasn't we we'd we'll we're we've were weren't what what's when when's where
  where's which while who who's whom whose why why's will with won't would wouldn't you you'd you'll you're you've your
  yours yourself yourselves`.split(/\s+/),
);
