/** The turn as others see it, and the plain-text front door. */
import { z } from 'zod';
import { wireErrorSchema } from './errors.ts';
import { defineTopic } from './topic.ts';

/** How a turn ended. Exactly one per turn. */
const outcomeSchema = z.enum([
  /** Answered, and the answer was played. */
  'answered',
  /** There was speech, but no command in it; the user was told. */
  'not-understood',
  /** Something failed; the user was told where a voice was left to tell it. */
  'failed',
  /** The user spoke again before the end. */
  'interrupted',
]);
export type Outcome = z.infer<typeof outcomeSchema>;

export const turnState = defineTopic(
  'turn/state',
  z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('listening') }),
    z.strictObject({ state: z.literal('thinking'), heard: z.string().max(8_000) }),
    z.strictObject({ state: z.literal('speaking') }),
    z.strictObject({
      state: z.literal('done'),
      outcome: outcomeSchema,
      heard: z.string().max(8_000),
      /** What was said aloud, an apology included. */
      answer: z.string().max(32_000),
      error: wireErrorSchema.optional(),
    }),
  ]),
  { about: 'Where a turn stands; `done` comes exactly once', scope: 'site' },
);

/** 4,000 characters is more than anyone types at a voice assistant. */
const plainText = z.string().trim().min(1).max(4_000);

export const textIn = defineTopic('text/in', plainText, {
  about: 'Something to be answered, typed instead of spoken',
  scope: 'site',
  format: 'text',
});

export const textOut = defineTopic('text/out', z.string().max(32_000), {
  about: 'The answer as text',
  scope: 'site',
  format: 'text',
});
