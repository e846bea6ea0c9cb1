/** The memory of the house as two tools. */
import { recall, storeMemory } from '@hearth/contracts';
import type { Bus } from '@hearth/runtime';
import { z } from 'zod';
import { failed, ownTool, said } from './own-tool.ts';
import type { Tool } from './tool.ts';

const NO_MEMORY = 'The memory does not answer.';
/** What a model can read of one answer. */
const MAX_PASSAGE = 1_000;
/** A fact is worth a second try when the first message was lost. */
const STORE_ATTEMPTS = 2;

export function memoryTools(bus: Bus): Tool[] {
  return [
    ownTool({
      name: 'memory_recall',
      description:
        'Finds what was said at home before, and what the user asked to remember. Give the words that matter.',
      args: z.strictObject({
        text: z.string().min(1).max(1_000),
        topK: z.number().int().min(1).max(20).default(5),
      }),
      async run({ text, topK }, { signal, siteId }) {
        try {
          const { data } = await bus.call(recall, { text, topK }, { signal, siteId });
          if (data.passages.length === 0) return said('Nothing is remembered about that.', []);
          const lines = data.passages.map(
            ({ role, text, ts }) =>
              `${new Date(ts).toISOString()} ${role}: ${text.slice(0, MAX_PASSAGE)}`,
          );
          return said(lines.join('\n'));
        } catch {
          signal.throwIfAborted();
          return failed(NO_MEMORY);
        }
      },
    }),
    ownTool({
      name: 'memory_remember',
      description: 'Keeps a fact that the user asked to remember.',
      args: z.strictObject({ fact: z.string().min(1).max(2_000) }),
      async run({ fact }, { signal, siteId }) {
        try {
          const entry = { role: 'fact', text: fact, ts: Date.now() } as const;
          await bus.call(
            storeMemory,
            { entries: [entry] },
            { signal, siteId, attempts: STORE_ATTEMPTS },
          );
          return said('It is remembered.');
        } catch {
          signal.throwIfAborted();
          return failed(NO_MEMORY);
        }
      },
    }),
  ];
}
