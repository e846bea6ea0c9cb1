/** Where the time of a turn went. */
import { z } from 'zod';
import { defineTopic } from './topic.ts';

export const traceSpan = defineTopic(
  'trace/span',
  z.strictObject({
    /** Service and step, e.g. `stt.decode`. */
    name: z.string().min(1).max(64),
    /** Milliseconds since the Unix epoch, with fractions. */
    startMs: z.number().nonnegative(),
    durationMs: z.number().nonnegative(),
    ok: z.boolean(),
    /** True for the time that an engine itself took: overhead is what is left without it. */
    engine: z.boolean(),
    /** A word on what was special, e.g. `without-memory`; never words that were said. */
    note: z.string().max(128).optional(),
  }),
  { about: 'One step of a turn and how long it took', qos: 0 },
);
