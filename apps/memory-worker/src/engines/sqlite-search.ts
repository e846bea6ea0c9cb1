/** Finds what may answer a question in the SQLite file, with the conversations around it. */
import type { DatabaseSync } from 'node:sqlite';
import { prepared } from './sqlite-statements.ts';
import type { Hit } from '../rank.ts';
import { type Indexed, rarity, relevanceOf, synonymHit, type Term } from '../relevance.ts';
import { synonymsOf } from '../synonyms.ts';
import { baseForm, phrases, searchWords, wordsOf } from '../words.ts';
import { INDEXED_COLUMNS, toIndexed } from './sqlite-rows.ts';
import type { Question } from './store.ts';

/** Different texts whose conversations are read for one question. */
const MAX_CANDIDATES = 60;
/** Entries of conversations read for one question: those of the worst candidates are left out. */
const MAX_READ = 400;
/** Entries looked at for them; only many repeats of the same words, or a narrow choice of roles, reach it. */
const MAX_LOOKED_AT = 6_000;
const PAGE = 200;
/** Words beyond the rarest so many change no order. */
const MAX_TERMS = 24;
/** A word found so often is left to the others to find entries by, and only counts in those. */
const COMMON = 20_000;

interface FoundTerm extends Term {
  readonly word: string;
  readonly ids: Float64Array;
  readonly alike: Float64Array;
}

/** The hits, and the words of the question that led to them. */
export function search(
  database: DatabaseSync,
  question: Question,
): { readonly hits: Hit[]; readonly words: string[] } {
  const { speakers, words } = withoutNames(database, searchWords(question.text));
  const terms = findTerms(database, words);
  const sessions = conversations(database, candidates(database, question, terms), question);
  const scored = [...relevanceOf({ terms, speakers, text: question.text }, sessions)];
  const wanted = scored.filter(({ entry }) => question.roles?.includes(entry.role) ?? true);
  const hits = best(wanted, candidatesFor(question.topK));
  return { hits, words };
}

/** The order is not final yet, and many of them may be repeats of one text: the best so many different ones, and facts. */
function best(scored: readonly { entry: Indexed; score: number }[], limit: number): Hit[] {
  const texts = new Set<string>();
  const hits: Hit[] = [];
  for (const { entry, score } of scored.toSorted((a, b) => b.score - a.score)) {
    if (entry.role !== 'fact' && texts.add(entry.text).size > limit) continue;
    hits.push({ entry: plain(entry), score });
  }
  return hits;
}

/** Different texts ranked for one answer: enough that what is weighed down later cannot hide what should follow. */
const candidatesFor = (topK: number): number => Math.max(30, topK * 4);

/** From name to name in the index: DISTINCT would read all of it. */
const SPEAKERS = `
  WITH RECURSIVE names (speaker) AS (
    SELECT min(speaker) FROM entries WHERE speaker IS NOT NULL
    UNION ALL
    SELECT (SELECT min(speaker) FROM entries WHERE speaker > names.speaker)
    FROM names WHERE names.speaker IS NOT NULL
  )
  SELECT speaker FROM names WHERE speaker IS NOT NULL LIMIT 1000`;

/** Who speaks is known by more than a mention of the name; a question about nothing else is still about the name. */
function withoutNames(database: DatabaseSync, words: readonly string[]) {
  const asked = new Set(words.map(baseForm));
  const named = prepared(database, SPEAKERS)
    .all()
    .map(({ speaker }) => String(speaker))
    .filter((name) => wordsOf(name).some((part) => asked.has(baseForm(part))));
  const names = new Set(named.flatMap(wordsOf).map(baseForm));
  const rest = words.filter((word) => !names.has(baseForm(word)));
  return { speakers: new Set(named), words: rest.length > 0 ? rest : [...words] };
}

function findTerms(database: DatabaseSync, words: readonly string[]): FoundTerm[] {
  const total = Number(prepared(database, 'SELECT count(*) AS n FROM entries').get()?.['n']);
  const find = prepared(
    database,
    'SELECT group_concat(rowid) AS ids FROM entries_fts WHERE entries_fts MATCH ?',
  );
  const idsOf = (some: readonly string[]): Float64Array => {
    if (some.length === 0) return new Float64Array();
    const ids = find.get(phrases(some).join(' OR '))?.['ids'];
    return Float64Array.from(typeof ids === 'string' ? ids.split(',') : [], Number);
  };
  const asked = new Set(words.map(baseForm));
  return words
    .map((word) => {
      const others = synonymsOf(word).filter((other) => !asked.has(baseForm(other)));
      return toTerm(word, idsOf([word]), idsOf(others), total);
    })
    .filter(({ ids, alike }) => ids.length + alike.length > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MAX_TERMS);
}

function toTerm(word: string, ids: Float64Array, alike: Float64Array, total: number): FoundTerm {
  const hit = (id: number): number => {
    if (holds(ids, id)) return 1;
    return holds(alike, id) ? synonymHit : 0;
  };
  return { word, ids, alike, weight: rarity(ids.length || alike.length, total), hit };
}

/** In ascending order, as the index gives them. */
function holds(ids: Float64Array, id: number): boolean {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return ids[low] === id;
}

/** Sessions of the entries that hold the most and the rarest of the words. */
function candidates(
  database: DatabaseSync,
  question: Question,
  terms: readonly FoundTerm[],
): number[] {
  const page = prepared(
    database,
    `SELECT session, text, role, turn_id
     FROM json_each(?) wanted CROSS JOIN entries e ON e.id = wanted.value ORDER BY wanted.key`,
  );
  const sessions = new Set<number>();
  const texts = new Set<string>();
  let lookedAt = 0;
  for (const ids of pages(bestFirst(database, terms, question))) {
    for (const { session, text, role, turn_id: turnId } of page.all(JSON.stringify(ids))) {
      const wanted = question.roles?.some((one) => one === role) ?? true;
      if (!wanted || (turnId !== null && turnId === question.excludeTurnId)) continue;
      // A repeat is merged into the newest, which comes first: its conversation is the one to read.
      if (texts.has(String(text))) continue;
      texts.add(String(text));
      sessions.add(Number(session));
      if (texts.size >= MAX_CANDIDATES) return [...sessions];
    }
    lookedAt += ids.length;
    if (lookedAt >= MAX_LOOKED_AT) break;
  }
  return [...sessions];
}

/** By the words that they hold themselves, facts first, the newest first among equals. */
function* bestFirst(
  database: DatabaseSync,
  terms: readonly FoundTerm[],
  { roles }: Question,
): Generator<number> {
  const facts = new Set(
    prepared(database, "SELECT id FROM entries WHERE role = 'fact'")
      .all()
      .map(({ id }) => Number(id)),
  );
  const onlyFacts = roles?.every((role) => role === 'fact') ?? false;
  const scores = new Map<number, number>();
  const add = (ids: Float64Array, weight: number): void => {
    for (const id of ids) {
      if (onlyFacts && !facts.has(id)) continue;
      scores.set(id, (scores.get(id) ?? 0) + (facts.has(id) ? weight * 2 : weight));
    }
  };
  for (const [i, { ids, alike, weight }] of terms.entries()) {
    if (i === 0 || ids.length < COMMON) add(ids, weight);
    if (ids.length === 0 || alike.length < COMMON) add(alike, weight * synonymHit);
  }
  yield* sorted(scores);
}

/** Few scores are shared by many entries, so that sorting the scores is far less work than sorting the entries. */
function* sorted(scores: ReadonlyMap<number, number>): Generator<number> {
  const groups = new Map<number, number[]>();
  for (const [id, score] of scores) {
    const group = groups.get(score);
    if (group) group.push(id);
    else groups.set(score, [id]);
  }
  const best = [...groups].sort(([a], [b]) => b - a);
  for (const [, ids] of best) yield* ids.sort((a, b) => b - a);
}

function* pages(ids: Iterable<number>): Generator<number[]> {
  let page: number[] = [];
  for (const id of ids) {
    page.push(id);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** @param found best first */
function conversations(
  database: DatabaseSync,
  found: readonly number[],
  { excludeTurnId }: Question,
): Indexed[][] {
  const sessions = readable(database, found);
  const rows = prepared(
    database,
    `SELECT ${INDEXED_COLUMNS} FROM entries
       WHERE session IN (SELECT value FROM json_each(?)) ORDER BY session, position`,
  ).all(JSON.stringify(sessions));
  const grouped = new Map<number, Indexed[]>(sessions.map((session) => [session, []]));
  for (const row of rows) {
    const entry = toIndexed(row);
    if (excludeTurnId !== undefined && entry.turnId === excludeTurnId) continue;
    grouped.get(entry.session)?.push(entry);
  }
  return [...grouped.values()];
}

/** As many of the best sessions as may be read. */
function readable(database: DatabaseSync, found: readonly number[]): number[] {
  const count = prepared(database, 'SELECT count(*) AS n FROM entries WHERE session = ?');
  const sessions: number[] = [];
  let read = 0;
  for (const session of found) {
    read += Number(count.get(session)?.['n']);
    if (read > MAX_READ && sessions.length > 0) break;
    sessions.push(session);
  }
  return sessions;
}

function plain({ session: _s, position: _p, words: _w, empty: _e, ...entry }: Indexed) {
  return entry;
}
