/** Opens the memory's SQLite file: makes it when it is new, refuses it when it is not ours, brings an older one up to date. */
/* oxlint-disable node/no-sync -- SQLite blocks, so all of this runs in a thread of its own */
import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fromSqlite, MemoryError } from '../errors.ts';
import { addConversations } from './sqlite-conversations.ts';

export interface FileOptions {
  /** Absolute path of the database file. */
  readonly path: string;
  /** The file never grows beyond this, megabytes (10^6 bytes). */
  readonly maxMb: number;
  /** How long to wait for another process that is writing, milliseconds. */
  readonly busyTimeoutMs: number;
}

/** 'HRTH', written into the header of the file: which program it belongs to. */
const APPLICATION_ID = 0x48525448;
const PAGE_BYTES = 4_096;

/** Keeps the index in step with the entries, entry by entry. */
export const UNINDEX_REMOVED = `
  CREATE TRIGGER entries_removed AFTER DELETE ON entries BEGIN
    INSERT INTO entries_fts (entries_fts, rowid, text) VALUES ('delete', old.id, old.text);
  END`;

/** Entry `n` brings a file from version n to n + 1 (`user_version`). Only ever append. */
const MIGRATIONS: readonly (string | ((database: DatabaseSync) => void))[] = [
  `CREATE TABLE entries (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     role TEXT NOT NULL CHECK (role IN ('user', 'assistant', 'fact')),
     ts REAL NOT NULL,
     site_id TEXT,
     turn_id TEXT,
     text TEXT NOT NULL
   ) STRICT;
   CREATE INDEX entries_by_turn ON entries (turn_id, ts);
   CREATE INDEX entries_by_time ON entries (ts);
   CREATE VIRTUAL TABLE entries_fts USING fts5 (
     text, content = 'entries', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'
   );
   INSERT INTO entries_fts (entries_fts, rank) VALUES ('secure-delete', 1);
   CREATE TRIGGER entries_added AFTER INSERT ON entries BEGIN
     INSERT INTO entries_fts (rowid, text) VALUES (new.id, new.text);
   END;
   ${UNINDEX_REMOVED}`,
  addConversations,
];

export interface DatabaseFile {
  readonly database: DatabaseSync;
  /** False when the file was deleted or replaced: what is written now would be lost. */
  isInPlace(): boolean;
}

export type Sqlite = typeof import('node:sqlite');

/** @throws MemoryError when this Node has no SQLite */
export async function loadSqlite(): Promise<Sqlite> {
  try {
    return await import('node:sqlite');
  } catch (cause) {
    throw new MemoryError('STORE_FAILED', 'the memory needs Node 24 or newer (node:sqlite)', {
      cause,
    });
  }
}

/** @throws MemoryError saying why the file cannot be used; a file that is refused is left as it was */
export function openFile({ DatabaseSync }: Sqlite, options: FileOptions): DatabaseFile {
  createPrivately(options.path);
  const inode = inodeOf(options.path);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(options.path, { timeout: options.busyTimeoutMs });
    recognise(database);
    checkIntegrity(database);
    configure(database, options.maxMb);
    migrate(database);
    return { database, isInPlace: () => inodeOf(options.path) === inode };
  } catch (error) {
    database?.close();
    const reason = fromSqlite(error);
    if (!(reason instanceof MemoryError)) throw reason;
    throw new MemoryError(reason.code, `${options.path}: ${reason.message}`);
  }
}

/** SQLite gives its side files the mode of the database, so the mode of the first file decides. */
function createPrivately(path: string): void {
  try {
    makeFolder(dirname(path));
    closeSync(openSync(path, 'a', 0o600));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const reason = code === 'EACCES' || code === 'EROFS' || code === 'EPERM';
    throw reason
      ? new MemoryError('STORE_READ_ONLY', `${path}: no permission to write (${code})`, { cause })
      : new MemoryError('STORE_UNREACHABLE', `${path}: cannot be opened (${code})`, { cause });
  }
}

/** Level by level: `recursive: true` never returns where a level exists and takes no folders, e.g. in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(path)) throw error;
  }
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** Reads only: nothing is written before the file is known to be ours. */
function recognise(database: DatabaseSync): void {
  const owner = pragma(database, 'application_id');
  const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get();
  if (owner !== APPLICATION_ID && !(owner === 0 && tables?.['n'] === 0)) {
    throw new MemoryError('STORE_FOREIGN', 'the file is a database of another program');
  }
  if (pragma(database, 'user_version') > MIGRATIONS.length) {
    throw new MemoryError(
      'STORE_TOO_NEW',
      'the file was written by a newer Hearth; update this one',
    );
  }
}

function configure(database: DatabaseSync, maxMb: number): void {
  // It takes effect only before the first table exists.
  if (pragma(database, 'user_version') === 0) database.exec('PRAGMA auto_vacuum = INCREMENTAL');
  // FULL: a commit is on the disk when it returns.
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    PRAGMA max_page_count = ${Math.floor((maxMb * 1_000_000) / PAGE_BYTES)};
  `);
}

function migrate(database: DatabaseSync): void {
  if (pragma(database, 'user_version') === MIGRATIONS.length) return;
  // Two processes may open a new file at once: the version is read again once the write lock is held.
  inTransaction(database, () => {
    for (const migration of MIGRATIONS.slice(pragma(database, 'user_version'))) {
      if (typeof migration === 'string') database.exec(migration);
      else migration(database);
    }
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

function checkIntegrity(database: DatabaseSync): void {
  const result = database.prepare('PRAGMA quick_check(1)').get();
  if (result?.['quick_check'] !== 'ok') {
    throw new MemoryError('STORE_CORRUPT', 'the memory file is damaged; restore a backup');
  }
}

/** Takes the write lock at once: a transaction that begins as a reader cannot wait for it later. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk rolls back by itself; a second ROLLBACK would hide the reason.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function pragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
