/** Keeps memories in one SQLite file, with full-text search (FTS5, Porter stemming). Every method blocks: run it in a thread. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { z } from 'zod';
import { fromSqlite, MemoryError } from '../errors.ts';
import { type Hit, rank } from '../rank.ts';
import { phrases, searchWords } from '../words.ts';
import {
  type DatabaseFile,
  type FileOptions,
  inTransaction,
  loadSqlite,
  openFile,
  type Sqlite,
} from './sqlite-file.ts';
import { remove, scrub } from './sqlite-forget.ts';
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
  #sqlite: Sqlite | undefined;
  #file: DatabaseFile | undefined;

  constructor(options: FileOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {
    this.#sqlite = await loadSqlite();
    this.#file = openFile(this.#sqlite, this.#options);
  }

  close(): void {
    this.#file?.database.close();
    this.#file = undefined;
    this.#sqlite = undefined;
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
    const database = this.#current();
    try {
      return work(database);
    } catch (error) {
      throw fromSqlite(error);
    }
  }

  /** Somebody may restore a backup or delete the file under a running service: then the one in its place counts. */
  #current(): DatabaseSync {
    if (!this.#sqlite) throw new MemoryError('STORE_FAILED', 'the memory is not open');
    if (!this.#file?.isInPlace()) {
      this.#file?.database.close();
      this.#file = undefined;
      this.#file = openFile(this.#sqlite, this.#options);
    }
    return this.#file.database;
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

function toEntry(row: Record<string, SQLOutputValue> | undefined): Entry {
  const { site_id: siteId, turn_id: turnId, ...rest } = rowSchema.parse(row);
  return { ...rest, ...(siteId !== null && { siteId }), ...(turnId !== null && { turnId }) };
}
