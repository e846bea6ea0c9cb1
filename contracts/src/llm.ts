/** The language model: what is asked, and the answer as it grows. */
import { z } from 'zod';
import { wireErrorSchema } from './errors.ts';
import { defineTopic } from './topic.ts';

const utteranceSchema = z.strictObject({
  role: z.enum(['user', 'assistant']),
  text: z.string().max(8_000),
});

/** The correlation id of the request is on every delta and on the response. */
export const llmRequest = defineTopic(
  'llm/request',
  z.strictObject({
    text: z.string().min(1).max(8_000),
    /** Earlier turns of this site, oldest first, as far as they were really heard. */
    history: z.array(utteranceSchema).max(40),
  }),
  { about: 'A turn to be answered' },
);

export const llmDelta = defineTopic(
  'llm/delta',
  z.strictObject({
    /** Counts up from 0 within one answer. */
    seq: z.number().int().nonnegative(),
    text: z.string().max(8_000),
  }),
  { about: 'The next piece of an answer' },
);

export const llmResponse = defineTopic(
  'llm/response',
  z.union([
    z.strictObject({
      /** The whole answer: all deltas joined. */
      text: z.string().max(32_000),
      /** What kind of question it was, where the engine knows. */
      intent: z.string().max(64).optional(),
      engine: z.string().min(1).max(64),
    }),
    z.strictObject({ error: wireErrorSchema }),
  ]),
  { about: 'The end of an answer' },
);

export const llmCancel = defineTopic('llm/cancel', z.strictObject({}), {
  about: 'Ends the answer to the turn in the envelope',
});
