/** Deletes memories from the SQLite file so that nothing of them is left in it. */
import type { DatabaseSync } from 'node:sqlite';
import { baseForm, baseForms, phrases, plainWords } from '../words.ts';
import { UNINDEX_REMOVED } from './sqlite-file.ts';
import type { Forgetting } from './store.ts';

/**
 * Taking one entry out of the index costs as much as indexing some 20 entries anew (measured: 0.2 to 0.6 ms against
 * 0.01 ms), so from this share on the index is made anew: at most 2 s for 100,000 entries instead of 15.
 */
const REBUILD_FROM = 1 / 20;

/** @returns how many entries are gone */
export function remove(database: DatabaseSync, what: Forgetting): number {
  const [condition, ...values] = conditionOf(database, what);
  const count = (where: string, ...of: (string | number)[]): number =>
    Number(database.prepare(`SELECT count(*) AS n FROM entries WHERE ${where}`).get(...of)?.['n']);
  const doomed = count(condition, ...values);
  const rebuild = doomed > count('TRUE') * REBUILD_FROM;
  if (rebuild) database.exec('DROP TRIGGER entries_removed');
  database.prepare(`DELETE FROM entries WHERE ${condition}`).run(...values);
  if (rebuild) {
    database.exec("INSERT INTO entries_fts (entries_fts) VALUES ('rebuild')");
    database.exec(UNINDEX_REMOVED);
  }
  return doomed;
}

/**
 * Deleted content is overwritten with zeros already (secure_delete). This gives its pages back and empties the log, which
 * still holds them as they were. Outside a transaction.
 */
export function scrub(database: DatabaseSync): void {
  database.exec('PRAGMA incremental_vacuum');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

function conditionOf(database: DatabaseSync, what: Forgetting): [string, ...(string | number)[]] {
  if ('all' in what) return ['TRUE'];
  if ('before' in what) {
    return [what.keepFacts ? "ts < ? AND role <> 'fact'" : 'ts < ?', what.before];
  }
  const ids = 'ids' in what ? what.ids : idsWithWords(database, plainWords(what.text));
  return ['id IN (SELECT value FROM json_each(?))', JSON.stringify(ids)];
}

/** The index takes `university` for `universe`; deleting must not take what was not named. */
function idsWithWords(database: DatabaseSync, words: readonly string[]): number[] {
  if (words.length === 0) return [];
  return database
    .prepare('SELECT id, text FROM entries WHERE id IN (SELECT rowid FROM entries_fts(?))')
    .all(phrases(words).join(' AND '))
    .filter(({ text }) => holdsAll(baseForms(String(text)), words))
    .map(({ id }) => Number(id));
}

function holdsAll(present: ReadonlySet<string>, wanted: readonly string[]): boolean {
  return wanted.every((word) => present.has(baseForm(word)));
}
