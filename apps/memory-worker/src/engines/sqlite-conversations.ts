/** Puts each entry in its place in a conversation, so that what was said around it can be searched with it. */
import type { DatabaseSync } from 'node:sqlite';
import { prepared } from './sqlite-statements.ts';
import { emptyShare, searchWords } from '../words.ts';
import type { Role } from './store.ts';

/** A silence of this length ends a conversation. */
const PAUSE_MS = 30 * 60_000;
/** A longer conversation is told in parts: a whole one is read for a question. */
const MAX_ENTRIES = 64;

interface Placed {
  readonly id: number;
  readonly role: Role;
  readonly ts: number;
  readonly siteId: string | null;
  readonly text: string;
}

/** Version 1 of the file knew single entries only. */
export function addConversations(database: DatabaseSync): void {
  database.exec(`
    ALTER TABLE entries ADD COLUMN speaker TEXT;
    ALTER TABLE entries ADD COLUMN session INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE entries ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE entries ADD COLUMN words INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE entries ADD COLUMN empty REAL NOT NULL DEFAULT 0;
    CREATE INDEX entries_by_session ON entries (session, position);
    CREATE INDEX entries_by_site ON entries (site_id, id) WHERE role <> 'fact';
    CREATE INDEX entries_by_speaker ON entries (speaker) WHERE speaker IS NOT NULL;
    CREATE INDEX facts ON entries (id) WHERE role = 'fact';
  `);
  const all = prepared(
    database,
    'SELECT id, role, ts, site_id, text FROM entries ORDER BY id',
  ).all();
  for (const { id, role, ts, site_id: siteId, text } of all) {
    place(database, {
      id: Number(id),
      role: role === 'fact' ? 'fact' : 'user',
      ts: Number(ts),
      siteId: siteId === null ? null : String(siteId),
      text: String(text),
    });
  }
}

/** @param entry is in the table already; every earlier one has its place */
export function place(database: DatabaseSync, entry: Placed): void {
  const { session, position } = entry.role === 'fact' ? alone(entry) : next(database, entry);
  prepared(
    database,
    'UPDATE entries SET session = ?, position = ?, words = ?, empty = ? WHERE id = ?',
  ).run(session, position, searchWords(entry.text).length, emptyShare(entry.text), entry.id);
}

function alone({ id }: Placed) {
  return { session: id, position: 0 };
}

function next(database: DatabaseSync, entry: Placed) {
  const last = prepared(
    database,
    `SELECT ts, session, position FROM entries
       WHERE site_id IS ? AND role <> 'fact' AND id < ? ORDER BY id DESC LIMIT 1`,
  ).get(entry.siteId, entry.id);
  const position = Number(last?.['position']) + 1;
  const goesOn = last && Math.abs(entry.ts - Number(last['ts'])) <= PAUSE_MS;
  if (!goesOn || position >= MAX_ENTRIES) return alone(entry);
  return { session: Number(last['session']), position };
}
