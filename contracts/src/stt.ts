/** Speech to text: what was heard. */
import { z } from 'zod';
import { pcmFormatSchema } from './audio.ts';
import { wireErrorSchema } from './errors.ts';
import { defineCall, defineTopic } from './topic.ts';

const confidence = z.number().min(0).max(1);

const transcriptSchema = z.strictObject({
  /** Lower-case words from a grammar, words as they are written from dictation; empty when nothing was understood. */
  text: z.string().max(4_000),
  confidence,
  /** Length of the speech, milliseconds. */
  speechMs: z.number().nonnegative(),
  /** The engine that heard it, e.g. `soundswallower`. */
  engine: z.string().min(1).max(64),
  /** Why `text` is empty: `NO_SPEECH`, `NOT_UNDERSTOOD`, or the code of a failure. Absent when there is text. */
  error: wireErrorSchema.optional(),
});
export type Transcript = z.infer<typeof transcriptSchema>;

export const sttPartial = defineTopic(
  'stt/partial',
  z.strictObject({ text: z.string().max(4_000) }),
  { about: 'What has been heard so far; replaces the partial before it', scope: 'site', qos: 0 },
);

export const sttFinal = defineTopic('stt/final', transcriptSchema, {
  about: 'What was heard, once per turn',
  scope: 'site',
});

const sttTranscribe = defineTopic('stt/transcribe', pcmFormatSchema, {
  about: 'A whole recording to be transcribed, samples behind the envelope',
  format: 'pcm',
});

const sttTranscribed = defineTopic('stt/transcribed', transcriptSchema, {
  about: 'Reply to stt/transcribe',
});

/** One whole recording, up to 60 s. The deadline leaves room for a large model on a small machine. */
export const transcribe = defineCall({
  request: sttTranscribe,
  reply: sttTranscribed,
  timeoutMs: 20_000,
});
