/** Order of what the full-text search found. */
import type { Entry, Passage, Question } from './engines/store.ts';
import { baseForm, baseForms, isQuestion, textKey } from './words.ts';

/** Something said to be remembered counts for more than something said in passing. */
const FACT_WEIGHT = 2;

/** The search prefers the shorter of two facts with the same words; down to this share of its score that is no reason. */
const EQUAL_FACTS = 0.6;

export interface Hit {
  readonly entry: Entry;
  /** Higher is better. */
  readonly score: number;
}

/**
 * The best `topK` passages. Repeats are merged. The same question, asked before, is left out: it is no
 * answer. Facts that match the same words are equally good, so the newest comes first: it may correct the others.
 */
export function rank(
  hits: readonly Hit[],
  question: Question,
  words: readonly string[],
): Passage[] {
  const asked = textKey(question.text);
  const statements = hits.filter(
    ({ entry }) => !(isAsking(entry) && textKey(entry.text) === asked),
  );
  const scored = levelFacts(statements, words).map(
    ({ entry, score }): Passage => ({
      ...entry,
      score: entry.role === 'fact' ? score * FACT_WEIGHT : score,
    }),
  );
  return withoutRepeats(scored.sort(byScoreThenTime)).slice(0, question.topK);
}

function isAsking(entry: Entry): boolean {
  return entry.role === 'user' && isQuestion(entry.text);
}

function levelFacts(hits: readonly Hit[], words: readonly string[]): Hit[] {
  const best = new Map<string, number>();
  const keyed = hits.map((hit) => ({ hit, key: factKey(hit.entry, words) }));
  for (const { hit, key } of keyed) best.set(key, Math.max(best.get(key) ?? 0, hit.score));
  return keyed.map(({ hit, key }) => {
    const top = best.get(key) ?? hit.score;
    return hit.score >= top * EQUAL_FACTS ? { entry: hit.entry, score: top } : hit;
  });
}

function factKey(entry: Entry, words: readonly string[]): string {
  if (entry.role !== 'fact') return `${entry.id}`;
  const present = baseForms(entry.text);
  const matched = words.filter((word) => present.has(baseForm(word)));
  return matched.length === 0 ? `${entry.id}` : `fact ${matched.join(' ')}`;
}

function byScoreThenTime(a: Passage, b: Passage): number {
  return b.score - a.score || byTime(a, b);
}

function byTime(a: Passage, b: Passage): number {
  return b.ts - a.ts || b.id - a.id;
}

/** The newest stands for all of them, as good as the best of them. */
function withoutRepeats(passages: readonly Passage[]): Passage[] {
  const merged = new Map<string, Passage>();
  for (const passage of passages) {
    const key = textKey(passage.text);
    const best = merged.get(key);
    if (!best) merged.set(key, passage);
    else if (best.role === passage.role && byTime(passage, best) < 0) {
      merged.set(key, { ...passage, score: best.score });
    }
  }
  return [...merged.values()];
}
