/** Keeps one thread or process with the engine in service: replaces it when it dies, more slowly the more often it does. */
import { RuntimeError } from '../errors.ts';
import { abandoned } from './limits.ts';
import { closedEarly, type Residence } from './resident.ts';
import type { FullSpec, OnChange } from './spec.ts';
import { startHost, type EngineHost } from './engine-host.ts';
import { asError } from './wire-error.ts';

/** Waited before the second replacement in a row; the first comes at once. Doubles from there. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** One that served this long had nothing to do with earlier deaths. */
const SOUND_AFTER_MS = 60_000;
/** Threads left alone in a call that hangs. Each holds a model and a core, so no more are started beyond this. */
const MAX_STRAYS = 2;

export interface KeepHostOptions {
  readonly onChange: OnChange;
  readonly signal: AbortSignal | undefined;
}

/** Rejects when the engine cannot be loaded the first time. */
export async function keepHost(
  spec: FullSpec,
  { onChange, signal }: KeepHostOptions,
): Promise<Residence> {
  const strays = new Set<EngineHost>();
  let host = begin();
  let serving: EngineHost | undefined;
  /** For those who call while none is serving. */
  let turn = Promise.withResolvers<EngineHost>();
  let timer: NodeJS.Timeout | undefined;
  let deaths = 0;
  let replaced = 0;
  let unavailable = false;
  let closed = false;

  function begin(): EngineHost {
    return startHost(spec, (note) => onChange({ to: 'loading', note }));
  }

  function serve(): void {
    const since = performance.now();
    const mine = host;
    serving = mine;
    turn.resolve(mine);
    onChange({ to: 'ready' });
    const onLost = (reason: RuntimeError) => {
      serving = undefined;
      if (closed) return;
      strays.add(mine);
      void mine.exited.then(() => strays.delete(mine));
      if (performance.now() - since >= SOUND_AFTER_MS) deaths = 0;
      renewTurn();
      onChange({ to: 'replacing', reason: reason.message });
      pause();
    };
    void mine.lost.then(onLost);
  }

  function renewTurn(): void {
    turn = Promise.withResolvers();
    turn.promise.catch(() => {});
  }

  function pause(): void {
    const waitMs = deaths === 0 ? 0 : FIRST_PAUSE_MS * 2 ** Math.min(deaths - 1, 20);
    deaths++;
    timer = setTimeout(replace, Math.min(waitMs, LONGEST_PAUSE_MS));
  }

  function replace(): void {
    if (strays.size >= MAX_STRAYS) return giveUpTry(hangs(spec.name));
    if (unavailable) renewTurn();
    unavailable = false;
    replaced++;
    try {
      host = begin();
      host.loaded.then(serve, giveUpTry);
    } catch (thrown) {
      giveUpTry(thrown);
    }
  }

  function giveUpTry(thrown: unknown): void {
    if (closed) return;
    const cause = asError(thrown);
    unavailable = true;
    turn.reject(new RuntimeError('ENGINE_UNAVAILABLE', cause.message, { cause }));
    onChange({ to: 'unavailable', reason: cause.message });
    pause();
  }

  await firstLoad(host, signal, spec.name);
  serve();

  return {
    get replaced() {
      return replaced;
    },
    async run(job, stop) {
      // Without waiting where it can be: a `close` right after this call must come after it in there too.
      const ready = serving ?? (await turn.promise);
      if (closed) throw closedEarly(spec.name);
      // Its caller left while there was no host.
      if (stop.aborted) return undefined;
      const output = await ready.call(job, stop);
      deaths = 0;
      return output;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      turn.reject(new RuntimeError('CLOSED', `${spec.name}: the engine was closed`));
      await host.close();
    },
  };
}

function hangs(name: string): RuntimeError {
  return new RuntimeError('ENGINE_FAILED', `${name}: ${MAX_STRAYS} calls hang, none ends`);
}

async function firstLoad(
  host: EngineHost,
  signal: AbortSignal | undefined,
  name: string,
): Promise<void> {
  const cancel = () => host.leaveAlone(abandoned(signal, `${name}: load`));
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  try {
    await host.loaded;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
