/** What the assistant can be told: the sentences that a grammar recogniser listens for. */
import { z } from 'zod';
import { defineTopic } from './topic.ts';

/** How sentence patterns are written is said in packages/core/src/pattern.ts. */
export const intentsSchema = z.strictObject({
  intents: z
    .array(
      z.strictObject({
        /** Dotted, e.g. `clock.time`. */
        name: z.string().min(1).max(64),
        patterns: z.array(z.string().min(1).max(500)).min(1).max(100),
      }),
    )
    .max(500),
  /** Values that a slot can take, e.g. `area: ['kitchen', 'living room']`. */
  lists: z.record(z.string().min(1).max(64), z.array(z.string().min(1).max(200)).max(2_000)),
});
export type Intents = z.infer<typeof intentsSchema>;

export const intentsRegistry = defineTopic('intents/registry', intentsSchema, {
  about: 'The sentences that the house understands',
  retain: true,
});
