/** Keeps memories in one SQLite file, with full-text search (FTS5, Porter stemming). Every method blocks: run it in a thread. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { z } from 'zod';
import { fromSqlite, MemoryError } from '../errors.ts';
import { type Hit, rank } from '../rank.ts';
import { baseForm, baseForms, plainWords, searchWords } from '../words.ts';
import { type FileOptions, inTransaction, openFile } from './sqlite-file.ts';
import type { Entry, Forgetting, NewEntry, Passage, Question, Store } from './store.ts';

/** Something said to be remembered counts for more than something said in passing. */
const FACT_WEIGHT = 2;
/** Hits looked at for one answer; only many repeats of the same words reach it. */
const MAX_HITS = 5_000;
/** Different texts ranked for one answer: enough that what is weighed down later cannot hide what should follow. */
const candidatesFor = (topK: number): number => Math.max(30, topK * 4);

const rowSchema = z.object({
  id: z.number(),
  role: z.enum(['user', 'assistant', 'fact']),
  text: z.string(),
  ts: z.number(),
  site_id: z.string().nullable(),
  turn_id: z.string().nullable(),
});

const COLUMNS = 'id, role, text, ts, site_id, turn_id';

export class Engine implements Store {
  readonly #options: FileOptions;
  #database: DatabaseSync | undefined;

  constructor(options: FileOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {
    this.#database = await openFile(this.#options);
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  store(entries: readonly NewEntry[]): number[] {
    return this.#run((database) =>
      inTransaction(database, () => entries.map((entry) => insert(database, entry))),
    );
  }

  query(question: Question): Passage[] {
    const words = searchWords(question.text);
    if (words.length === 0) return [];
    return this.#run((database) => rank(search(database, question, words), question, words));
  }

  forget(what: Forgetting): { count: number } {
    return this.#run((database) => {
      const count = inTransaction(database, () => remove(database, what));
      if (count > 0) scrub(database);
      return { count };
    });
  }

  export({ afterId, limit }: { readonly afterId: number; readonly limit: number }): Entry[] {
    return this.#run((database) =>
      database
        .prepare(`SELECT ${COLUMNS} FROM entries WHERE id > ? ORDER BY id LIMIT ?`)
        .all(afterId, limit)
        .map(toEntry),
    );
  }

  count(): number {
    return this.#run((database) =>
      Number(database.prepare('SELECT count(*) AS n FROM entries').get()?.['n']),
    );
  }

  #run<T>(work: (database: DatabaseSync) => T): T {
    if (!this.#database) throw new MemoryError('STORE_FAILED', 'the memory is not open');
    try {
      return work(this.#database);
    } catch (error) {
      throw fromSqlite(error);
    }
  }
}

function insert(database: DatabaseSync, { role, text, ts, ...origin }: NewEntry): number {
  const turnId = origin.turnId ?? null;
  const kept = database
    .prepare('SELECT id FROM entries WHERE turn_id IS ? AND ts = ? AND role = ? AND text = ?')
    .get(turnId, ts, role, text);
  if (kept) return Number(kept['id']);
  const { lastInsertRowid } = database
    .prepare('INSERT INTO entries (role, ts, site_id, turn_id, text) VALUES (?, ?, ?, ?, ?)')
    .run(role, ts, origin.siteId ?? null, turnId, text);
  return Number(lastInsertRowid);
}

/** The quotes keep FTS5 from reading anything in a word as an operator; a word holds letters and digits only. */
const phrases = (words: readonly string[]): string[] => words.map((word) => `"${word}"`);

function search(database: DatabaseSync, question: Question, words: readonly string[]): Hit[] {
  const found = database
    .prepare(
      `SELECT e.id, -bm25(entries_fts) * iif(e.role = 'fact', ${FACT_WEIGHT}, 1) AS score
       FROM entries_fts JOIN entries e ON e.id = entries_fts.rowid
       WHERE entries_fts MATCH :match
         AND (:turn IS NULL OR e.turn_id IS NOT :turn)
         AND (:roles IS NULL OR e.role IN (SELECT value FROM json_each(:roles)))
       ORDER BY score DESC, e.ts DESC, e.id DESC
       LIMIT ${MAX_HITS}`,
    )
    .iterate({
      match: phrases(words).join(' OR '),
      turn: question.excludeTurnId ?? null,
      roles: question.roles ? JSON.stringify(question.roles) : null,
    });
  const byId = database.prepare(`SELECT ${COLUMNS} FROM entries WHERE id = ?`);
  const hits: Hit[] = [];
  const texts = new Set<string>();
  for (const { id, score } of found) {
    const entry = toEntry(byId.get(Number(id)));
    hits.push({ entry, score: Number(score) });
    if (texts.add(entry.text).size >= candidatesFor(question.topK)) break;
  }
  return hits;
}

function remove(database: DatabaseSync, what: Forgetting): number {
  if ('all' in what) return Number(database.prepare('DELETE FROM entries').run().changes);
  if ('before' in what) {
    return Number(database.prepare('DELETE FROM entries WHERE ts < ?').run(what.before).changes);
  }
  const ids = 'ids' in what ? what.ids : idsWithWords(database, plainWords(what.text));
  const byIds = 'DELETE FROM entries WHERE id IN (SELECT value FROM json_each(?))';
  return Number(database.prepare(byIds).run(JSON.stringify(ids)).changes);
}

/** The index takes `university` for `universe`; deleting must not take what was not named. */
function idsWithWords(database: DatabaseSync, words: readonly string[]): number[] {
  if (words.length === 0) return [];
  return database
    .prepare('SELECT rowid AS id, text FROM entries WHERE id IN (SELECT rowid FROM entries_fts(?))')
    .all(phrases(words).join(' AND '))
    .filter(({ text }) => holdsAll(baseForms(String(text)), words))
    .map(({ id }) => Number(id));
}

function holdsAll(present: ReadonlySet<string>, wanted: readonly string[]): boolean {
  return wanted.every((word) => present.has(baseForm(word)));
}

/** Deleted pages are zeroed already (secure_delete); this gives them back and empties the log, which still has the old pages. */
function scrub(database: DatabaseSync): void {
  database.exec('PRAGMA incremental_vacuum');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

function toEntry(row: Record<string, SQLOutputValue> | undefined): Entry {
  const { site_id: siteId, turn_id: turnId, ...rest } = rowSchema.parse(row);
  return { ...rest, ...(siteId !== null && { siteId }), ...(turnId !== null && { turnId }) };
}
