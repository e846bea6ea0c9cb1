/** The Piper voices in a folder: what their JSON files say. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { requireModel, RuntimeError } from '@hearth/runtime';
import { z } from 'zod';
import type { Voice } from '../synthesizer.ts';

export interface PiperVoice extends Voice {
  readonly model: string;
  readonly config: PiperConfig;
}

/** The parts that are used. `speaker_id_map` is often left out, which the library does not survive. */
const configSchema = z.object({
  audio: z.object({ sample_rate: z.number().int().min(8_000).max(48_000) }),
  espeak: z.object({ voice: z.string().min(1) }),
  language: z.object({ code: z.string() }).optional(),
  phoneme_type: z.literal('espeak').default('espeak'),
  inference: z
    .object({
      noise_scale: z.number().default(0.667),
      length_scale: z.number().positive().default(1),
      noise_w: z.number().default(0.8),
    })
    .prefault({}),
  speaker_id_map: z.record(z.string(), z.number()).default({}),
});

type PiperConfig = z.infer<typeof configSchema>;

/** A folder with more has something else in it. */
const MAX_VOICES = 500;

/** Sorted. A folder that is not there holds none. */
export async function piperVoiceNames(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder).catch(() => []);
  const models = files.filter((file) => file.endsWith('.onnx')).sort();
  return models.slice(0, MAX_VOICES).map((file) => file.slice(0, -'.onnx'.length));
}

/**
 * @param name one of `piperVoiceNames`
 * @throws RuntimeError MODEL_MISSING, MODEL_BROKEN
 */
export async function readPiperVoice(folder: string, name: string): Promise<PiperVoice> {
  const file = await configFile(folder, name);
  const config = parse(await readFile(file, 'utf8'));
  if (!config) {
    const pull = `Run: npx hearth models pull ${name}`;
    throw new RuntimeError('MODEL_BROKEN', `The voice file ${file} is broken. ${pull}`);
  }
  const language = config.language?.code ?? config.espeak.voice;
  const model = path.join(folder, `${name}.onnx`);
  return { name, language, rateHz: config.audio.sample_rate, model, config };
}

/** `<name>.onnx.json`, as Piper's voices come, or `<name>.json`. */
async function configFile(folder: string, name: string): Promise<string> {
  const short = path.join(folder, `${name}.json`);
  const usual = path.join(folder, `${name}.onnx.json`);
  return await requireModel(short).catch(() => requireModel(usual, { pullName: name }));
}

function parse(text: string): PiperConfig | undefined {
  try {
    return configSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
