/** Opens the engine of the settings, and calls it with a deadline. */
import {
  type HealthReporter,
  keepEngine,
  type Log,
  openEngine,
  type RunningEngine,
  siblingModule,
} from '@hearth/runtime';
import type { z } from 'zod';
import type { settings } from './config.ts';
import type { Synthesizer } from './engines/synthesizer.ts';

export type TtsEngine = RunningEngine<Synthesizer>;

/** One unit is some 10 s of speech and takes flite half a second, on a busy small board several. */
const CALL_LIMIT_MS = 20_000;

type EngineSettings = Pick<z.infer<typeof settings>, 'TTS_ENGINE' | 'TTS_VOICE'>;

function specOf({ TTS_ENGINE, TTS_VOICE }: EngineSettings) {
  return {
    name: TTS_ENGINE,
    module: siblingModule(import.meta.url, `./engines/${TTS_ENGINE}`),
    options: { voice: TTS_VOICE },
    methods: ['synthesize', 'voices'],
    // WASM: a thread may be ended in the middle of a call.
    terminable: true,
    callLimitMs: CALL_LIMIT_MS,
  };
}

/** For a service: opens in the background, and again when it fails. */
export function keepTtsEngine(
  settings: EngineSettings,
  tools: { readonly health: HealthReporter; readonly log: Log; readonly signal: AbortSignal },
): TtsEngine {
  return keepEngine<Synthesizer>(specOf(settings), tools);
}

/** For one command. @throws RuntimeError ENGINE_FAILED */
export function openTtsEngine(settings: EngineSettings): Promise<TtsEngine> {
  return openEngine<Synthesizer>(specOf(settings));
}
