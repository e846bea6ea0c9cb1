/** Memory: what was said and what is to be remembered. */
import { z } from 'zod';
import { defineCall, defineTopic } from './topic.ts';

/** `fact` is something the user asked to remember. */
const roleSchema = z.enum(['user', 'assistant', 'fact']);

const memoryStore = defineTopic(
  'memory/store',
  z.strictObject({
    /** Stored together or not at all. The envelope's siteId and turnId are kept with each. */
    entries: z
      .array(
        z.strictObject({
          role: roleSchema,
          text: z.string().min(1).max(8_000),
          /** When it was said, milliseconds since the Unix epoch. */
          ts: z.number().nonnegative(),
          /** Name of who said it, where it is known. */
          speaker: z.string().min(1).max(128).optional(),
        }),
      )
      .min(1)
      .max(100),
  }),
  { about: 'Utterances to be kept' },
);

const memoryStored = defineTopic(
  'memory/stored',
  z.strictObject({
    /** One per entry, in their order. */
    ids: z.array(z.number().int().positive()),
  }),
  { about: 'Reply to memory/store: on disk' },
);

/** Answers when the entries are on disk. */
export const storeMemory = defineCall({
  request: memoryStore,
  reply: memoryStored,
  timeoutMs: 5_000,
});

const memoryQuery = defineTopic(
  'memory/query',
  z.strictObject({
    text: z.string().min(1).max(8_000),
    topK: z.number().int().min(1).max(50),
    /** The turn that asks: its own words are no answer to it. */
    excludeTurnId: z.string().min(1).max(128).optional(),
    /** Only entries of these roles. */
    roles: z.array(roleSchema).min(1).optional(),
    /**
     * `hybrid` (default): by words and, where embeddings are set up, by meaning. `similarity`: by meaning alone; without
     * embeddings by words. `recent`: what was said last, whatever the text.
     */
    strategy: z.enum(['hybrid', 'similarity', 'recent']).optional(),
    /** So many utterances before and after each passage come with it. */
    context: z.number().int().min(0).max(5).optional(),
    /** Passages end where they would exceed about so many tokens. The first one always comes, cut if need be. */
    maxTokens: z.number().int().min(1).max(1_000_000).optional(),
  }),
  { about: 'A question to the memory' },
);

const aroundSchema = z.strictObject({
  role: roleSchema,
  text: z.string(),
  speaker: z.string().optional(),
});

const memoryResults = defineTopic(
  'memory/results',
  z.strictObject({
    /** Best match first. */
    passages: z.array(
      z.strictObject({
        id: z.number().int().positive(),
        role: roleSchema,
        text: z.string(),
        ts: z.number().nonnegative(),
        siteId: z.string().optional(),
        turnId: z.string().optional(),
        speaker: z.string().optional(),
        /** Higher is better; comparable within one reply only. */
        score: z.number(),
        /** What was said around it, in the order it was said. Only when asked for. */
        before: z.array(aroundSchema).optional(),
        after: z.array(aroundSchema).optional(),
      }),
    ),
    /** True when `maxTokens` left something out. */
    truncated: z.boolean().optional(),
  }),
  { about: 'Reply to memory/query' },
);

/** Retrieval for an answer. An answer without memory beats a late answer, hence the short deadline. */
export const recall = defineCall({ request: memoryQuery, reply: memoryResults, timeoutMs: 5_000 });

const memoryForget = defineTopic(
  'memory/forget',
  z.union([
    z.strictObject({ ids: z.array(z.number().int().positive()).min(1).max(1_000) }),
    /** Every entry that holds all of these words. */
    z.strictObject({ text: z.string().min(1).max(1_000) }),
    /** Every entry said before this time, milliseconds since the Unix epoch. */
    z.strictObject({ before: z.number().positive() }),
    z.strictObject({ all: z.literal(true) }),
  ]),
  { about: 'Entries to be deleted' },
);

const memoryForgotten = defineTopic(
  'memory/forgotten',
  z.strictObject({ count: z.number().int().nonnegative() }),
  { about: 'Reply to memory/forget' },
);

export const forgetMemory = defineCall({
  request: memoryForget,
  reply: memoryForgotten,
  timeoutMs: 5_000,
});
