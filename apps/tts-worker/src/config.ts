/** Settings of the TTS worker. */
import { z } from 'zod';

export const settings = z.object({
  TTS_ENGINE: z.enum(['flite']).default('flite').describe('Which engine speaks'),
  TTS_VOICE: z
    .string()
    .min(1)
    .max(64)
    .default('slt')
    .describe('Voice of those who name none; `hearth-tts voices` lists them'),
  TTS_SPEED: z.coerce
    .number()
    .min(0.5)
    .max(2)
    .default(1)
    .describe('Speed of those who name none; 2 is twice as fast'),
  TTS_AHEAD_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(3_000)
    .describe('How far audio is sent ahead of its playing: what a player has to hold'),
});
