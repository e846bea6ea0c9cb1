/** Settings of the language model worker. */
import { z } from 'zod';

export const settings = z.object({
  LLM_ENGINE: z
    .enum(['builtin'])
    .default('builtin')
    .describe('What answers: builtin knows a fixed set of sentences and needs no model'),
  LLM_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(45_000)
    .describe('How long an answer may take at most'),
  LLM_PARALLEL: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(8)
    .describe('How many turns are answered at once'),
  HEARTH_TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
    .default(new Intl.DateTimeFormat().resolvedOptions().timeZone)
    .describe('Where the clock on the wall hangs'),
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
