/** Settings of the TTS worker. */
import { z } from 'zod';

export const ENGINES = ['flite', 'piper'] as const;

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
});
