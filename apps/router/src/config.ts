/** Settings of the router. */
import { z } from 'zod';

const milliseconds = z.coerce.number().int().min(100).max(3_600_000);

export const settings = z.object({
  ROUTER_HEARING_TIMEOUT_MS: milliseconds
    .default(25_000)
    .describe('How long speech recognition may take after the last sound'),
  ROUTER_ANSWER_TIMEOUT_MS: milliseconds
    .default(60_000)
    .describe('How long the language model may take for the next piece of its answer'),
  ROUTER_VOICE_TIMEOUT_MS: milliseconds
    .default(20_000)
    .describe('How long speech synthesis may take, besides 100 ms per character'),
  ROUTER_PLAYBACK_GRACE_MS: milliseconds
    .default(3_000)
    .describe('How much longer than the audio its playback may take'),
  ROUTER_PAUSE_LIMIT_MS: milliseconds.default(600_000).describe('How long a paused answer is kept'),
});
