/** Which engine recognises, and which one stands in for it: from the settings and from what is on this machine. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import {
  type BaseSettings,
  chooseEngine,
  type EngineCandidate,
  type EngineSpec,
  EXIT_CONFIG,
  fallbackHealth,
  type HealthReporter,
  keepEngine,
  type Log,
  requireModel,
  type RunningEngine,
  siblingModule,
  UserError,
  withFallback,
} from '@hearth/runtime';
import { ENGINES, type Settings } from './config.ts';
import type { Options as OpenAiOptions } from './engines/openai.ts';
import type { Options as SherpaOptions } from './engines/sherpa.ts';
import type { Options as SoundswallowerOptions } from './engines/soundswallower.ts';
import type { Options as TransformersOptions } from './engines/transformers.ts';
import type { Transcriber } from './engines/transcriber.ts';
import type { Options as WhisperOptions } from './engines/whisper.ts';
import type { Options as WhisperNodeOptions } from './engines/whisper-node.ts';
import type { Options as WyomingOptions } from './engines/wyoming.ts';
import { builtBinary } from './whisper/build.ts';
import { requireWhisperModel, type WhisperSettings } from './whisper/model.ts';

type EngineName = (typeof ENGINES)[number];
/** A model file that is damaged ends the process that opens it: reproduced with both. */
const CRASHES: ReadonlySet<EngineName> = new Set(['whisper', 'sherpa']);
type AllSettings = Settings & BaseSettings;

/** That of the call `transcribe`. */
const LIMIT_MS = 20_000;
const FALLBACK = 'soundswallower';
const REMOTE: ReadonlySet<string> = new Set<EngineName>(['openai', 'wyoming']);

function engineSpec(name: EngineName, settings: AllSettings): EngineSpec {
  return {
    name,
    module: siblingModule(import.meta.url, `./engines/${name}`),
    options: OPTIONS[name](settings),
    methods: ['transcribe', 'listen', 'learn'],
    isolation: CRASHES.has(name) ? 'process' : 'thread',
    // WASM: its thread may be ended when it hangs.
    terminable: name === 'soundswallower',
  };
}

const OPTIONS = {
  soundswallower: ({ STT_WAKE_WORDS }): SoundswallowerOptions => ({ wakeWords: STT_WAKE_WORDS }),
  whisper: (settings): WhisperOptions => ({
    ...whisperSettings(settings),
    enginesDir: settings.HEARTH_ENGINES_DIR,
  }),
  'whisper-node': (settings): WhisperNodeOptions => ({
    ...whisperSettings(settings),
    enginesDir: settings.HEARTH_ENGINES_DIR,
    limitMs: LIMIT_MS,
  }),
  sherpa: (settings): SherpaOptions => ({
    enginesDir: settings.HEARTH_ENGINES_DIR,
    folder: sherpaFolder(settings),
    threads: settings.STT_THREADS,
  }),
  transformers: (settings): TransformersOptions => ({
    enginesDir: settings.HEARTH_ENGINES_DIR,
    folder: path.join(settings.HEARTH_MODELS_DIR, 'transformers'),
    model: settings.STT_TRANSFORMERS_MODEL,
    language: settings.STT_LANGUAGE,
    translate: settings.STT_TRANSLATE,
    threads: settings.STT_THREADS,
  }),
  openai: (settings): OpenAiOptions => ({
    url: configured('openai', settings.STT_OPENAI_URL),
    key: settings.STT_OPENAI_KEY,
    model: settings.STT_OPENAI_MODEL,
    language: settings.STT_LANGUAGE,
    translate: settings.STT_TRANSLATE,
    prompt: settings.STT_PROMPT,
    timeoutMs: settings.STT_REMOTE_TIMEOUT_MS,
  }),
  wyoming: (settings): WyomingOptions => ({
    url: configured('wyoming', settings.STT_WYOMING_URL),
    language: settings.STT_LANGUAGE,
    timeoutMs: settings.STT_REMOTE_TIMEOUT_MS,
  }),
} satisfies Record<EngineName, (settings: AllSettings) => unknown>;

const SETTING = { openai: 'STT_OPENAI_URL', wyoming: 'STT_WYOMING_URL' } as const;

function configured(name: keyof typeof SETTING, url: string | undefined): string {
  if (url) return url;
  throw new UserError('BAD_SETTINGS', `STT_ENGINE is ${name}: set ${SETTING[name]} as well`, {
    exitCode: EXIT_CONFIG,
  });
}

function whisperSettings(settings: AllSettings): WhisperSettings {
  return {
    model: whisperModel(settings),
    language: settings.STT_LANGUAGE,
    translate: settings.STT_TRANSLATE,
    prompt: settings.STT_PROMPT,
    threads: settings.STT_THREADS,
  };
}

function whisperModel({ STT_MODEL: model, HEARTH_MODELS_DIR: folder }: AllSettings) {
  if (path.isAbsolute(model)) return { file: model };
  const name = model.replace(/^ggml-|\.bin$/g, '');
  return { file: path.join(folder, 'whisper', `ggml-${name}.bin`), pullName: `whisper-${name}` };
}

function sherpaFolder({ STT_SHERPA_MODEL: model, HEARTH_MODELS_DIR: folder }: AllSettings): string {
  return path.resolve(folder, 'sherpa', model);
}

/** Whether it can be used is a look at settings and files: servers are not asked, as they may come later. */
function candidates(settings: AllSettings): EngineCandidate[] {
  const { HEARTH_ENGINES_DIR: enginesDir, HEARTH_MODELS_DIR: models } = settings;
  const { STT_OPENAI_URL, STT_WYOMING_URL, STT_TRANSFORMERS_MODEL } = settings;
  const packaged = (name: string) => path.join(enginesDir, 'node_modules', name, 'package.json');
  const whisper = async () => void (await requireWhisperModel(whisperModel(settings)));
  const why: Record<EngineName, () => Promise<string | undefined>> = {
    openai: async () => (STT_OPENAI_URL ? undefined : 'STT_OPENAI_URL is not set'),
    wyoming: async () => (STT_WYOMING_URL ? undefined : 'STT_WYOMING_URL is not set'),
    whisper: () => whyNot(packaged('@fugood/whisper.node'), 'not installed', whisper),
    'whisper-node': () => whyNot(builtBinary(enginesDir), 'not built', whisper),
    // Whether its files are whole is looked at when it loads: they are large.
    sherpa: () =>
      whyNot(packaged('sherpa-onnx-node'), 'not installed', async () => {
        await requireModel(path.join(sherpaFolder(settings), 'tokens.txt'));
      }),
    transformers: () =>
      whyNot(packaged('@huggingface/transformers'), 'not installed', async () => {
        await requireModel(
          path.join(models, 'transformers', STT_TRANSFORMERS_MODEL, 'config.json'),
        );
      }),
    soundswallower: async () => undefined,
  };
  return ENGINES.map((name) => ({ name, why: why[name] }));
}

/** @throws RuntimeError of `model` */
async function whyNot(
  file: string,
  missing: string,
  model: () => Promise<void>,
): Promise<string | undefined> {
  const found = await access(file).then(
    () => true,
    () => false,
  );
  if (!found) return missing;
  await model();
  return undefined;
}

export interface Surroundings {
  readonly health: HealthReporter;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly signal: AbortSignal;
}

/** @throws UserError BAD_SETTINGS when the engine that is set needs a setting that is not there */
export async function chooseSpec(
  settings: AllSettings,
  { health, log }: Pick<Surroundings, 'log'> & { readonly health: Pick<HealthReporter, 'detail'> },
): Promise<EngineSpec> {
  const wanted = settings.STT_ENGINE;
  const chosen = await chooseEngine({ wanted, candidates: candidates(settings), log, health });
  const name = ENGINES.find((known) => known === chosen) ?? FALLBACK;
  return engineSpec(name, settings);
}

/** Keeps the chosen engine open. Behind a server stands the embedded one. */
export async function keepTranscriber(
  settings: AllSettings,
  surroundings: Surroundings,
): Promise<RunningEngine<Transcriber>> {
  const { health, log, signal } = surroundings;
  const spec = await chooseSpec(settings, surroundings);
  const engine = keepEngine<Transcriber>(spec, surroundings);
  if (!REMOTE.has(spec.name)) return engine;
  // It does not listen along: that would cost as much as a server saves.
  const near = { ...engineSpec(FALLBACK, settings), methods: ['transcribe', 'learn'] };
  const second = keepEngine<Transcriber>(near, { health: fallbackHealth(health), log, signal });
  return withFallback(engine, second, { health, log });
}
