/** Chooses the engine of the settings and opens it, for a service or for one command. */
import {
  chooseEngine,
  type EngineSpec,
  type HealthReporter,
  keepEngine,
  type Log,
  openEngine,
  type RunningEngine,
  RuntimeError,
  siblingModule,
} from '@hearth/runtime';
import { ENGINE_KINDS, type EngineSettings } from './engine-kinds.ts';
import type { Synthesizer } from './engines/synthesizer.ts';

export type TtsEngine = RunningEngine<Synthesizer>;

interface ChoiceTools {
  readonly health: HealthReporter;
  readonly log: Log;
}

/** For a service: opens in the background, and again when it fails. */
export async function keepTtsEngine(
  settings: EngineSettings,
  tools: ChoiceTools & { readonly signal: AbortSignal },
): Promise<TtsEngine> {
  return keepEngine<Synthesizer>(specOf(await choose(settings, tools), settings), tools);
}

/** For one command. @throws RuntimeError ENGINE_FAILED, ENGINE_UNAVAILABLE */
export async function openTtsEngine(settings: EngineSettings, log: Log): Promise<TtsEngine> {
  const name = await choose(settings, { log, health: { detail() {} } });
  return await openEngine<Synthesizer>(specOf(name, settings));
}

function choose(
  settings: EngineSettings,
  tools: Pick<ChoiceTools, 'log'> & { readonly health: Pick<HealthReporter, 'detail'> },
): Promise<string> {
  const candidates = [...ENGINE_KINDS].map(([name, kind]) => ({
    name,
    why: () => kind.why(settings),
  }));
  return chooseEngine({ wanted: settings.TTS_ENGINE, candidates, ...tools });
}

export function specOf(name: string, settings: EngineSettings): EngineSpec {
  const kind = [...ENGINE_KINDS].find(([known]) => known === name)?.[1];
  if (!kind) throw new RuntimeError('ENGINE_UNAVAILABLE', `There is no engine "${name}"`);
  return {
    name,
    module: siblingModule(import.meta.url, `./engines/${name}`),
    methods: ['synthesize', 'voices'],
    ...kind.spec(settings),
  };
}
