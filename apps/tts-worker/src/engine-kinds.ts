/** What each engine is opened with, and what keeps it from being used: the settings in the words of the engines. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { BaseSettings, EngineSpec } from '@hearth/runtime';
import type { z } from 'zod';
import type { ENGINES, settings } from './config.ts';
import type { FliteOptions } from './engines/flite.ts';
import type { PiperOptions } from './engines/piper.ts';
import { piperVoiceNames } from './engines/piper/voices.ts';

export type EngineName = (typeof ENGINES)[number];
export type EngineSettings = z.infer<typeof settings> &
  Pick<BaseSettings, 'HEARTH_ENGINES_DIR' | 'HEARTH_MODELS_DIR'>;

export interface EngineKind {
  spec(settings: EngineSettings): Pick<EngineSpec, 'options' | 'terminable' | 'callLimitMs'>;
  /** Why it cannot be used, in a few words; undefined when it can. */
  why(settings: EngineSettings): Promise<string | undefined>;
}

/** One unit is some 10 s of speech and takes flite half a second, on a busy small board several. */
const FLITE_LIMIT_MS = 20_000;
/** The same unit in WASM, on a small board. */
const PIPER_LIMIT_MS = 60_000;

const flite: EngineKind = {
  spec: ({ TTS_VOICE }) => ({
    options: { voice: TTS_VOICE } satisfies FliteOptions,
    // WASM: a thread may be ended in the middle of a call.
    terminable: true,
    callLimitMs: FLITE_LIMIT_MS,
  }),
  why: async () => undefined,
};

const piper: EngineKind = {
  spec: (settings) => ({
    options: {
      enginesDir: settings.HEARTH_ENGINES_DIR,
      voicesDir: piperDir(settings),
      voice: settings.TTS_VOICE,
      runtime: settings.TTS_PIPER_RUNTIME,
    } satisfies PiperOptions,
    terminable: settings.TTS_PIPER_RUNTIME === 'wasm' || !isInstalled('onnxruntime-node', settings),
    callLimitMs: PIPER_LIMIT_MS,
  }),
  async why(settings) {
    if (!isInstalled('@mintplex-labs/piper-tts-web', settings)) return 'not installed';
    const folder = piperDir(settings);
    const names = await piperVoiceNames(folder);
    const { TTS_VOICE: voice } = settings;
    if (names.length === 0) return `no voice in ${folder}`;
    return voice && !names.includes(voice) ? `no voice "${voice}" in ${folder}` : undefined;
  },
};

/** The best first, for those who do not choose. */
export const ENGINE_KINDS: ReadonlyMap<EngineName, EngineKind> = new Map([
  ['piper', piper],
  ['flite', flite],
]);

function piperDir({ TTS_PIPER_DIR, HEARTH_MODELS_DIR }: EngineSettings): string {
  return TTS_PIPER_DIR ? path.resolve(TTS_PIPER_DIR) : path.join(HEARTH_MODELS_DIR, 'piper');
}

function isInstalled(name: string, { HEARTH_ENGINES_DIR }: EngineSettings): boolean {
  return existsSync(path.join(HEARTH_ENGINES_DIR, 'node_modules', name, 'package.json'));
}
