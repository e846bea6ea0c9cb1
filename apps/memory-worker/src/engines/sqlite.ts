/** Keeps memories in one SQLite file, with full-text search (FTS5, Porter stemming). Every method blocks: run it in a thread. */
import type { DatabaseSync } from 'node:sqlite';
import { prepared } from './sqlite-statements.ts';
import { fromSqlite, MemoryError } from '../errors.ts';
import { rank } from '../rank.ts';
import { searchWords } from '../words.ts';
import { place } from './sqlite-conversations.ts';
import { ENTRY_COLUMNS, toEntry } from './sqlite-rows.ts';
import { newest, withContext } from './sqlite-context.ts';
import { search } from './sqlite-search.ts';
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
    return this.#run((database) => {
      const passages = find(database, question);
      const { context = 0 } = question;
      return context > 0 ? withContext(database, passages, context, question) : passages;
    });
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
      prepared(database, `SELECT ${ENTRY_COLUMNS} FROM entries WHERE id > ? ORDER BY id LIMIT ?`)
        .all(afterId, limit)
        .map(toEntry),
    );
  }

  count(): number {
    return this.#run((database) =>
      Number(prepared(database, 'SELECT count(*) AS n FROM entries').get()?.['n']),
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

function find(database: DatabaseSync, question: Question): Passage[] {
  if (question.strategy === 'recent') return newest(database, question);
  if (searchWords(question.text).length === 0) return [];
  const { hits, words } = search(database, question);
  return rank(hits, question, words);
}

function insert(database: DatabaseSync, { role, text, ts, ...origin }: NewEntry): number {
  const turnId = origin.turnId ?? null;
  const siteId = origin.siteId ?? null;
  const kept = prepared(
    database,
    'SELECT id FROM entries WHERE turn_id IS ? AND ts = ? AND role = ? AND text = ?',
  ).get(turnId, ts, role, text);
  if (kept) return Number(kept['id']);
  const { lastInsertRowid } = prepared(
    database,
    `INSERT INTO entries (role, ts, site_id, turn_id, text, speaker) VALUES (?, ?, ?, ?, ?, ?)`,
  ).run(role, ts, siteId, turnId, text, origin.speaker ?? null);
  const id = Number(lastInsertRowid);
  place(database, { id, role, ts, siteId, text });
  return id;
}
