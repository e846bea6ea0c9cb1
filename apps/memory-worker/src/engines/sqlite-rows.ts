/** Rows of the memory's file as entries. */
import type { SQLOutputValue } from 'node:sqlite';
import { z } from 'zod';
import type { Indexed } from '../relevance.ts';
import type { Entry } from './store.ts';

const rowSchema = z.object({
  id: z.number(),
  role: z.enum(['user', 'assistant', 'fact']),
  text: z.string(),
  ts: z.number(),
  site_id: z.string().nullable(),
  turn_id: z.string().nullable(),
  speaker: z.string().nullable(),
});

export const ENTRY_COLUMNS = 'id, role, text, ts, site_id, turn_id, speaker';
export const INDEXED_COLUMNS = `${ENTRY_COLUMNS}, session, position, words, empty`;

type Row = Readonly<Record<string, SQLOutputValue>>;

export function toEntry(row: Row | undefined): Entry {
  const { site_id: siteId, turn_id: turnId, speaker, ...rest } = rowSchema.parse(row);
  return {
    ...rest,
    ...(siteId !== null && { siteId }),
    ...(turnId !== null && { turnId }),
    ...(speaker !== null && { speaker }),
  };
}

/** Thousands are read for one question, so they are not parsed by a schema: the table is STRICT and checks its roles. */
export function toIndexed(row: Row): Indexed {
  const { site_id: siteId, turn_id: turnId, speaker } = row;
  const role = row['role'];
  return {
    id: Number(row['id']),
    role: role === 'fact' || role === 'assistant' ? role : 'user',
    text: String(row['text']),
    ts: Number(row['ts']),
    ...(typeof siteId === 'string' && { siteId }),
    ...(typeof turnId === 'string' && { turnId }),
    ...(typeof speaker === 'string' && { speaker }),
    session: Number(row['session']),
    position: Number(row['position']),
    words: Number(row['words']),
    empty: Number(row['empty']),
  };
}
