/** The newest entries, and what was said around a passage. */
import type { DatabaseSync } from 'node:sqlite';
import { prepared } from './sqlite-statements.ts';
import { ENTRY_COLUMNS, toEntry } from './sqlite-rows.ts';
import type { Around, Passage, Question } from './store.ts';

export function newest(database: DatabaseSync, question: Question): Passage[] {
  return prepared(
    database,
    `SELECT ${ENTRY_COLUMNS} FROM entries
       WHERE (:turn IS NULL OR turn_id IS NOT :turn)
         AND (:roles IS NULL OR role IN (SELECT value FROM json_each(:roles)))
       ORDER BY ts DESC, id DESC LIMIT :topK`,
  )
    .all({
      turn: question.excludeTurnId ?? null,
      roles: question.roles ? JSON.stringify(question.roles) : null,
      topK: question.topK,
    })
    .map((row, i) => ({ ...toEntry(row), score: 1 / (i + 1) }));
}

/** Of the same conversation, and never of the turn that asks. */
export function withContext(
  database: DatabaseSync,
  passages: readonly Passage[],
  size: number,
  { excludeTurnId }: Question,
): Passage[] {
  const around = prepared(
    database,
    `SELECT e.id, e.role, e.text, e.speaker FROM entries e
     JOIN entries passage ON passage.id = :id AND e.session = passage.session
     WHERE e.position BETWEEN passage.position - :size AND passage.position + :size
       AND e.id <> :id AND (:turn IS NULL OR e.turn_id IS NOT :turn)
     ORDER BY e.position`,
  );
  return passages.map((passage) => {
    const rows = around.all({ id: passage.id, size, turn: excludeTurnId ?? null });
    const before: Around[] = [];
    const after: Around[] = [];
    for (const { id, role, text, speaker } of rows) {
      (Number(id) < passage.id ? before : after).push({
        role: role === 'assistant' ? 'assistant' : 'user',
        text: String(text),
        ...(speaker !== null && { speaker: String(speaker) }),
      });
    }
    return { ...passage, before, after };
  });
}
