/** Settings of the TTS worker. */
import { z } from 'zod';

/** The best first, for those who do not choose. */
export const ENGINES = ['elevenlabs', 'openai', 'wyoming', 'piper', 'flite', 'espeak'] as const;

const httpUrl = z.url({ protocol: /^https?$/, error: 'must look like http://host:8000/v1' });

export const settings = z.object({
  TTS_ENGINE: z
    .enum(['auto', ...ENGINES])
    .default('auto')
    .describe('Which engine speaks; auto takes the best that is configured and present'),
  TTS_VOICE: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe(
      "Voice of those who name none, else the engine's own; `hearth-tts voices` lists them",
    ),
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
  TTS_PIPER_DIR: z
    .string()
    .optional()
    .describe(
      'Folder with Piper voices, <name>.onnx and .onnx.json; HEARTH_MODELS_DIR/piper unless set',
    ),
  TTS_PIPER_RUNTIME: z
    .enum(['auto', 'wasm', 'native'])
    .default('auto')
    .describe('What runs Piper voices; auto is native (onnxruntime-node) where that is installed'),
  TTS_REMOTE_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(20_000)
    .default(6_000)
    .describe('How long a server may take to its first audio; then flite speaks'),
  TTS_OPENAI_URL: httpUrl
    .optional()
    .describe(
      'Server with /v1/audio/speech, e.g. http://host:8880/v1 or https://api.openai.com/v1',
    ),
  TTS_OPENAI_KEY: z.string().optional().describe('Its key, where it wants one'),
  TTS_OPENAI_MODEL: z.string().default('tts-1').describe('Its model'),
  TTS_OPENAI_FORMAT: z
    .enum(['pcm', 'wav'])
    .default('pcm')
    .describe('What it is asked for; pcm is 24 kHz, wav says its rate'),
  TTS_ELEVENLABS_KEY: z.string().optional().describe('Key of ElevenLabs'),
  TTS_ELEVENLABS_MODEL: z.string().default('eleven_flash_v2_5').describe('Model of ElevenLabs'),
  TTS_ELEVENLABS_URL: httpUrl.default('https://api.elevenlabs.io').describe('Where ElevenLabs is'),
  TTS_WYOMING_URL: z
    .url({ protocol: /^tcp$/, error: 'must look like tcp://host:10200' })
    .regex(/:\d+\/?$/, 'must look like tcp://host:10200')
    .optional()
    .describe('A Wyoming server, e.g. tcp://host:10200'),
  TTS_ESPEAK_PROGRAM: z.string().min(1).default('espeak-ng').describe('The program espeak-ng'),
});
