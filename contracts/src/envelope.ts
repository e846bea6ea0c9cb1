/** The wrapper that every message on the bus travels in. The envelope alone carries everything, so MQTT 3.1.1 clients can take part. */
import { nanoid } from 'nanoid';
import { z } from 'zod';

/** Version of the envelope. A reader refuses any other. */
const ENVELOPE_VERSION = 1;

/** A room or a device that listens and speaks, e.g. `kitchen`. It stands in topic names, so no `/`, `+`, `#` or blank. */
export const siteIdSchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/);

/** Shape of every id that Hearth makes; outsiders may use any text of up to 128 characters. */
const idSchema = z.string().min(1).max(128);

export const envelopeSchema = z.strictObject({
  v: z.literal(ENVELOPE_VERSION),
  /** Unique per message; a receiver drops a repeat. */
  id: idSchema,
  /** Name of the topic without prefix and site, e.g. `memory/query`. */
  type: z.string().min(1).max(128),
  /** When it was written, milliseconds since the Unix epoch. */
  ts: z.number().nonnegative(),
  /** Service that wrote it, e.g. `llm-worker`. */
  source: z.string().min(1).max(64),
  /** The room it belongs to. */
  siteId: siteIdSchema.optional(),
  /** One user turn, from wake or first sound to the end of playback. */
  turnId: idSchema.optional(),
  /** Same on a request and on its reply; absent on plain events. */
  correlationId: idSchema.optional(),
  /** The `id` of the message that caused this one. */
  causationId: idSchema.optional(),
  /** Milliseconds since the Unix epoch; a receiver drops what is past it. */
  deadline: z.number().nonnegative().optional(),
  /** W3C trace context. */
  traceparent: z
    .string()
    .regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .optional(),
  data: z.unknown(),
});

export type Envelope = z.infer<typeof envelopeSchema>;

/** What the writer of a message chooses; the rest is filled in. */
export interface EnvelopeFields {
  readonly type: string;
  readonly source: string;
  readonly data: unknown;
  readonly siteId?: string | undefined;
  readonly turnId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly causationId?: string | undefined;
  readonly deadline?: number | undefined;
  readonly traceparent?: string | undefined;
}

/** @param now milliseconds since the Unix epoch */
export function createEnvelope(fields: EnvelopeFields, now: number): Envelope {
  return { v: ENVELOPE_VERSION, id: createId(), ts: now, ...fields };
}

/** Ids of turns, calls and messages: 21 URL-safe characters, 126 random bits. */
export function createId(): string {
  return nanoid();
}
