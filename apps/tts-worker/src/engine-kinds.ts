/** What each engine is opened with, and what keeps it from being used: the settings in the words of the engines. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { BaseSettings, EngineSpec } from '@hearth/runtime';
import type { z } from 'zod';
import { ENGINES, type settings } from './config.ts';
import type { ElevenLabsOptions } from './engines/elevenlabs.ts';
import type { EspeakOptions } from './engines/espeak.ts';
import type { FliteOptions } from './engines/flite.ts';
import type { PiperOptions } from './engines/piper.ts';
import { piperVoiceNames } from './engines/piper/voices.ts';
import type { OpenAiOptions } from './engines/openai.ts';
import type { WyomingOptions } from './engines/wyoming.ts';

export type EngineName = (typeof ENGINES)[number];
export type EngineSettings = z.infer<typeof settings> &
  Pick<BaseSettings, 'HEARTH_ENGINES_DIR' | 'HEARTH_MODELS_DIR'>;

type KindSpec = Pick<EngineSpec, 'options' | 'terminable' | 'callLimitMs'>;

export interface EngineKind {
  spec(settings: EngineSettings): KindSpec | Promise<KindSpec>;
  /** On another machine, and streamed. */
  readonly remote?: true;
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
  spec: async (settings) => ({
    options: {
      enginesDir: settings.HEARTH_ENGINES_DIR,
      voicesDir: piperDir(settings),
      voice: settings.TTS_VOICE,
      runtime: settings.TTS_PIPER_RUNTIME,
    } satisfies PiperOptions,
    terminable:
      settings.TTS_PIPER_RUNTIME === 'wasm' || !(await isInstalled('onnxruntime-node', settings)),
    callLimitMs: PIPER_LIMIT_MS,
  }),
  async why(settings) {
    if (!(await isInstalled('@mintplex-labs/piper-tts-web', settings))) return 'not installed';
    const folder = piperDir(settings);
    const names = await piperVoiceNames(folder);
    const { TTS_VOICE: voice } = settings;
    if (names.length === 0) return `no voice in ${folder}`;
    return voice && !names.includes(voice) ? `no voice "${voice}" in ${folder}` : undefined;
  },
};

const openai: EngineKind = {
  remote: true,
  spec: (settings) => ({
    options: {
      url: settings.TTS_OPENAI_URL,
      key: settings.TTS_OPENAI_KEY,
      model: settings.TTS_OPENAI_MODEL,
      format: settings.TTS_OPENAI_FORMAT,
      voice: settings.TTS_VOICE,
      timeoutMs: settings.TTS_REMOTE_TIMEOUT_MS,
    } satisfies OpenAiOptions,
  }),
  why: async ({ TTS_OPENAI_URL }) => (TTS_OPENAI_URL ? undefined : 'TTS_OPENAI_URL is not set'),
};

const elevenlabs: EngineKind = {
  remote: true,
  spec: (settings) => ({
    options: {
      url: settings.TTS_ELEVENLABS_URL,
      key: settings.TTS_ELEVENLABS_KEY,
      model: settings.TTS_ELEVENLABS_MODEL,
      voice: settings.TTS_VOICE,
      timeoutMs: settings.TTS_REMOTE_TIMEOUT_MS,
    } satisfies ElevenLabsOptions,
  }),
  why: async ({ TTS_ELEVENLABS_KEY }) =>
    TTS_ELEVENLABS_KEY ? undefined : 'TTS_ELEVENLABS_KEY is not set',
};

const wyoming: EngineKind = {
  remote: true,
  spec: (settings) => ({
    options: {
      url: settings.TTS_WYOMING_URL,
      voice: settings.TTS_VOICE,
      timeoutMs: settings.TTS_REMOTE_TIMEOUT_MS,
    } satisfies WyomingOptions,
  }),
  why: async ({ TTS_WYOMING_URL }) => (TTS_WYOMING_URL ? undefined : 'TTS_WYOMING_URL is not set'),
};

const espeak: EngineKind = {
  spec: ({ TTS_ESPEAK_PROGRAM, TTS_VOICE }) => ({
    options: { program: TTS_ESPEAK_PROGRAM, voice: TTS_VOICE } satisfies EspeakOptions,
  }),
  // Behind flite in the list, which can always be used: it is taken by name only.
  why: async () => undefined,
};

const KINDS: Readonly<Record<EngineName, EngineKind>> = {
  elevenlabs,
  openai,
  wyoming,
  piper,
  flite,
  espeak,
};

export const ENGINE_KINDS: ReadonlyMap<EngineName, EngineKind> = new Map(
  ENGINES.map((name) => [name, KINDS[name]]),
);

function piperDir({ TTS_PIPER_DIR, HEARTH_MODELS_DIR }: EngineSettings): string {
  return TTS_PIPER_DIR ? path.resolve(TTS_PIPER_DIR) : path.join(HEARTH_MODELS_DIR, 'piper');
}

async function isInstalled(name: string, { HEARTH_ENGINES_DIR }: EngineSettings): Promise<boolean> {
  const file = path.join(HEARTH_ENGINES_DIR, 'node_modules', name, 'package.json');
  return await access(file).then(
    () => true,
    () => false,
  );
}
