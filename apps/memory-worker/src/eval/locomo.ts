/** Reads conversations in LoCoMo's format: sessions of turns, and questions with the turns that answer them. */
import { z } from 'zod';
import type { NewEntry } from '../engines/store.ts';

export interface Conversation {
  readonly name: string;
  readonly entries: readonly NewEntry[];
  readonly questions: readonly GoldQuestion[];
}

export interface GoldQuestion {
  readonly text: string;
  readonly category: number;
  /** `turnId` of the entries that answer it. */
  readonly gold: ReadonlySet<string>;
}

/** Category 5 asks for what was never said. */
const CATEGORIES = [1, 2, 3, 4];
const MAX_SESSIONS = 1_000;
/** The format says when a session began; between its turns passes about as much. */
const TURN_MS = 20_000;

const turnSchema = z.object({ speaker: z.string(), dia_id: z.string(), text: z.string() });
const fileSchema = z.array(
  z.object({
    sample_id: z.string(),
    conversation: z.record(z.string(), z.unknown()),
    qa: z.array(
      z.object({
        question: z.string(),
        category: z.number(),
        evidence: z.array(z.string()).default([]),
      }),
    ),
  }),
);

/** @throws ZodError when it is not in this format */
export function readLocomo(content: unknown): Conversation[] {
  return fileSchema.parse(content).map(({ sample_id: name, conversation, qa }) => {
    const entries = [...sessionsOf(conversation)].flat();
    const known = new Set(entries.map(({ turnId }) => turnId));
    const questions = qa
      .filter(({ category }) => CATEGORIES.includes(category))
      .map(({ question, category, evidence }) => ({
        text: question,
        category,
        gold: new Set(turnIds(evidence).filter((id) => known.has(id))),
      }))
      .filter(({ gold }) => gold.size > 0);
    return { name, entries, questions };
  });
}

function* sessionsOf(conversation: Readonly<Record<string, unknown>>): Generator<NewEntry[]> {
  for (let session = 1; session <= MAX_SESSIONS; session++) {
    const turns = z.array(turnSchema).safeParse(conversation[`session_${session}`]);
    if (!turns.success) continue;
    const start = timeOf(z.string().parse(conversation[`session_${session}_date_time`]));
    yield turns.data
      .filter(({ text }) => text.trim() !== '')
      .map(({ speaker, text, dia_id: turnId }, i) => {
        return { role: 'user', speaker, text, turnId, ts: start + i * TURN_MS };
      });
  }
}

/** "1:56 pm on 8 May, 2023" */
function timeOf(text: string): number {
  const [, hour = '', minute = '', half = '', date = ''] =
    /^(\d+):(\d+) (am|pm) on (.+)$/i.exec(text.trim()) ?? [];
  const day = new Date(date.replace(',', ''));
  day.setHours((Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0), Number(minute));
  if (Number.isNaN(day.getTime()))
    throw new Error('a session has no time like "1:56 pm on 8 May, 2023"');
  return day.getTime();
}

/** Some files write several in one text ("D8:6; D9:17") or a colon too many ("D:11:26"). */
function turnIds(evidence: readonly string[]): string[] {
  const written = evidence.join(' ').matchAll(/D:?(\d+):0*(\d+)/g);
  return [...written].map(([, session, turn]) => `D${session}:${turn}`);
}
