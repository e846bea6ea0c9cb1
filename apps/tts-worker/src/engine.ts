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
  withFallback,
} from '@hearth/runtime';
import { ENGINE_KINDS, type EngineSettings } from './engine-kinds.ts';
import type { Synthesizer } from './engines/synthesizer.ts';
import { TtsError } from './errors.ts';
import { asTtsError } from './wire-errors.ts';

export type TtsEngine = RunningEngine<Synthesizer>;

interface ChoiceTools {
  readonly health: HealthReporter;
  readonly log: Log;
}

/**
 * For a service: opens in the background, and again when it fails. While an engine other than flite cannot speak, flite
 * does, and health says so.
 */
export async function keepTtsEngine(
  settings: EngineSettings,
  tools: ChoiceTools & { readonly signal: AbortSignal },
): Promise<TtsEngine> {
  const name = await choose(settings, tools);
  const engine = keepEngine<Synthesizer>(await specOf(name, settings), tools);
  if (name === 'flite') return engine;
  const standIn = await openEngine<Synthesizer>(standInFor(name));
  return withFallback(outspoken(engine), standIn, { ...tools, isCallersFault });
}

/** No other engine would do better with these. */
const CALLERS_FAULTS: readonly unknown[] = ['UNKNOWN_VOICE', 'TEXT_TOO_LONG'];

function isCallersFault(thrown: unknown): boolean {
  return thrown instanceof TtsError && CALLERS_FAULTS.includes(thrown.code);
}

function standInFor(name: string): EngineSpec {
  return {
    name: 'flite',
    module: siblingModule(import.meta.url, './engines/stand-in'),
    options: {},
    // It streams only in place of one that does.
    methods: isRemote(name) ? STREAMED : WHOLE,
  };
}

/** Throws what went wrong in the engine, not that something did: health and log repeat it. */
function outspoken(engine: TtsEngine): TtsEngine {
  return {
    name: engine.name,
    get offloaded() {
      return engine.offloaded;
    },
    has: (method) => engine.has(method),
    call: (method, input, options) =>
      engine.call(method, input, options).catch((error: unknown) => {
        throw asTtsError(error);
      }),
    get stats() {
      return engine.stats;
    },
    close: () => engine.close(),
  };
}

/** For one command. @throws RuntimeError ENGINE_FAILED, ENGINE_UNAVAILABLE */
export async function openTtsEngine(settings: EngineSettings, log: Log): Promise<TtsEngine> {
  const name = await choose(settings, { log, health: { detail() {} } });
  return await openEngine<Synthesizer>(await specOf(name, settings));
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

const WHOLE = ['synthesize', 'voices'];
const STREAMED = [...WHOLE, 'stream'];

function isRemote(name: string): boolean {
  return kindOf(name)?.remote ?? false;
}

function kindOf(name: string) {
  return [...ENGINE_KINDS].find(([known]) => known === name)?.[1];
}

export async function specOf(name: string, settings: EngineSettings): Promise<EngineSpec> {
  const kind = kindOf(name);
  if (!kind) throw new RuntimeError('ENGINE_UNAVAILABLE', `There is no engine "${name}"`);
  return {
    name,
    module: siblingModule(import.meta.url, `./engines/${name}`),
    methods: kind.remote ? STREAMED : WHOLE,
    ...(await kind.spec(settings)),
  };
}
