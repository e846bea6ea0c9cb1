/** How a service is. */
import { z } from 'zod';
import { defineTopic } from './topic.ts';

const ms = z.number().nonnegative();

const healthSchema = z.strictObject({
  /** `degraded` works in part or not at all and says why; `offline` is the last will. */
  state: z.enum(['starting', 'ready', 'degraded', 'stopping', 'offline']),
  /** Why it is not `ready`, for people. */
  reason: z.string().max(500).optional(),
  /** When it entered this state, milliseconds since the Unix epoch. */
  since: ms,
  version: z.string().max(32),
  pid: z.number().int().positive().optional(),
  /** Resident memory, megabytes (10^6 bytes). */
  rssMb: ms.optional(),
  /** How late timers fired since the last report, milliseconds. */
  eventLoopDelay: z.strictObject({ p50Ms: ms, p99Ms: ms, maxMs: ms }).optional(),
  /** What only this service counts, e.g. `{ engine: 'flite', threadsReplaced: 0 }`. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
export type Health = z.infer<typeof healthSchema>;

export const health = defineTopic('health', healthSchema, {
  about: 'How a service is; also its last will',
  scope: 'instance',
  retain: true,
});

export const busError = defineTopic(
  'error',
  z.strictObject({
    code: z.string().min(1).max(64),
    /** The topic of the message that was dropped. */
    topic: z.string().max(256),
    /** What was wrong with it, never what it held. */
    reason: z.string().max(500),
  }),
  { about: 'A message that was dropped because it was broken', qos: 0 },
);
