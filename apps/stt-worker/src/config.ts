/** Settings of the speech-to-text worker. */
import { type EngineSpec, siblingModule } from '@hearth/runtime';
import { z } from 'zod';
import type { Options } from './engines/soundswallower.ts';

export const settings = z.object({
  STT_ENGINE: z.enum(['soundswallower']).default('soundswallower').describe('What recognises'),
  STT_WAKE_WORDS: z
    .string()
    .default('alexa, computer, hey jarvis, okay nabu, hey mycroft')
    .transform((list) =>
      list
        .split(',')
        .map((phrase) => phrase.trim().toLowerCase())
        .filter(Boolean),
    )
    .refine((phrases) => phrases.every((phrase) => /^[a-z' ]+$/.test(phrase)), {
      error: 'must be words of letters a to z with commas between the phrases',
    })
    .describe('Phrases before a command that are not part of it'),
  STT_SILENCE_MS: z.coerce
    .number()
    .int()
    .min(200)
    .max(5_000)
    .default(700)
    .describe('Silence that ends an utterance, milliseconds'),
  STT_MAX_TURNS: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(8)
    .describe('People who may speak at the same time'),
});

export type Settings = z.infer<typeof settings>;

export function engineSpec(settings: Settings): EngineSpec {
  const options: Options = { wakeWords: settings.STT_WAKE_WORDS };
  return {
    name: settings.STT_ENGINE,
    module: siblingModule(import.meta.url, `./engines/${settings.STT_ENGINE}`),
    options,
    methods: ['transcribe', 'listen', 'learn'],
    // WASM: its thread may be ended when it hangs.
    terminable: true,
  };
}
