/** Settings of the speech-to-text worker. */
import { availableParallelism } from 'node:os';
import { z } from 'zod';

/** The best first: `auto` takes the first one that is configured and present. */
export const ENGINES = [
  'openai',
  'wyoming',
  'whisper',
  'sherpa',
  'transformers',
  'whisper-node',
  'soundswallower',
] as const;

const url = (protocol: RegExp, error: string) => z.url({ protocol, error }).optional();

export const settings = z.object({
  STT_ENGINE: z
    .enum(['auto', ...ENGINES])
    .default('auto')
    .describe('What recognises; auto takes the best that is configured and present'),
  STT_LANGUAGE: z
    .string()
    .regex(/^(auto|[a-z]{2,3})$/, 'must be auto or a language like en')
    .default('en')
    .describe('Language that is spoken, for engines that take dictation'),
  STT_TRANSLATE: z
    .stringbool()
    .default(false)
    .describe('Whether what is said is translated into English'),
  STT_PROMPT: z
    .string()
    .max(800)
    .default('')
    .describe('Words that dictation should expect: names, places'),
  STT_MODEL: z
    .string()
    .min(1)
    .default('base.en')
    .describe(
      'Model of whisper and whisper-node: its name in HEARTH_MODELS_DIR/whisper, or a path',
    ),
  STT_THREADS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(Math.min(4, availableParallelism()))
    .describe('Threads of engines on this machine that take dictation'),
  STT_SHERPA_MODEL: z
    .string()
    .min(1)
    .default('streaming-en')
    .describe('Model of sherpa: its folder in HEARTH_MODELS_DIR/sherpa, or a path'),
  STT_TRANSFORMERS_MODEL: z
    .string()
    .regex(/^[\w.-]+(\/[\w.-]+)?$/, 'must be the name of a folder')
    .default('whisper-base.en')
    .describe('Model of transformers: its folder in HEARTH_MODELS_DIR/transformers'),
  STT_OPENAI_URL: url(/^https?$/, 'must look like http://box:8000/v1').describe(
    'Server with /audio/transcriptions, with its version: http://box:8000/v1',
  ),
  STT_OPENAI_KEY: z.string().optional().describe('Key for that server'),
  STT_OPENAI_MODEL: z.string().min(1).default('whisper-1').describe('Model on that server'),
  STT_WYOMING_URL: url(/^tcp$/, 'must look like tcp://box:10300').describe(
    'Wyoming server for speech to text: tcp://box:10300',
  ),
  STT_REMOTE_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(15_000)
    .default(8_000)
    .describe('How long a server may take before the embedded engine answers, milliseconds'),
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
