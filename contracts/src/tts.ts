/** Text to speech: what is to be said, and how far it has got. */
import { z } from 'zod';
import { pcmFormatSchema } from './audio.ts';
import { wireErrorSchema } from './errors.ts';
import { defineCall, defineTopic } from './topic.ts';

const voice = z.string().min(1).max(64);
/** 1 is the voice's own speed, 2 twice as fast. */
const speed = z.number().min(0.5).max(2);

export const ttsSay = defineTopic(
  'tts/say',
  z.strictObject({
    /** One clause or sentence; may be empty when `last` is true. */
    text: z.string().max(2_000),
    /** Counts up from 0 within one turn: the order of speaking. */
    seq: z.number().int().nonnegative(),
    /** True on the last piece of this turn's answer. */
    last: z.boolean(),
    voice: voice.optional(),
    speed: speed.optional(),
  }),
  { about: 'A piece of an answer, to be spoken in the order of its seq', scope: 'site' },
);

export const ttsControl = defineTopic(
  'tts/control',
  z.strictObject({
    /** `stop` drops everything of the turn in the envelope; without a turn, all that the site says. */
    action: z.enum(['stop', 'pause', 'resume']),
  }),
  { about: 'Stops, pauses or resumes what a site says', scope: 'site' },
);

export const ttsStatus = defineTopic(
  'tts/status',
  z.discriminatedUnion('event', [
    /** The first audio of the turn is on its way. */
    z.strictObject({ event: z.literal('speaking-started') }),
    /** All audio of the turn was published: `audioMs` long. */
    z.strictObject({ event: z.literal('speaking-finished'), audioMs: z.number().nonnegative() }),
    /** A player has played all of it. Written by the satellite, not by the TTS worker. */
    z.strictObject({ event: z.literal('playback-finished') }),
    /** Dropped before its end. */
    z.strictObject({ event: z.literal('stopped') }),
    z.strictObject({ event: z.literal('failed'), error: wireErrorSchema }),
    z.strictObject({ event: z.literal('paused') }),
    z.strictObject({ event: z.literal('resumed') }),
  ]),
  { about: 'How far the speaking of a turn has got', scope: 'site' },
);

const ttsSynthesize = defineTopic(
  'tts/synthesize',
  z.strictObject({
    text: z.string().min(1).max(2_000),
    voice: voice.optional(),
    speed: speed.optional(),
  }),
  { about: 'A text to be turned into speech, played by nobody' },
);

const ttsSynthesized = defineTopic(
  'tts/synthesized',
  pcmFormatSchema.extend({ durationMs: z.number().nonnegative() }),
  { about: 'Reply to tts/synthesize, samples behind the envelope', format: 'pcm' },
);

export const synthesize = defineCall({
  request: ttsSynthesize,
  reply: ttsSynthesized,
  timeoutMs: 20_000,
});
