/** The inside of a thread or process with an engine: builds it, then answers one call at a time. */
import { type EngineObject, importEngine } from './engine-class.ts';
import type { EngineSetup, FromEngine, ToEngine } from './wire.ts';
import { packError } from './wire-error.ts';

/** The way to the host. */
export interface Outlet {
  readonly send: (message: FromEngine) => void;
  /** Sends the output of a call; throws when it cannot travel. */
  readonly deliver: (output: unknown) => void;
  /** Ends this thread or process once everything is sent. */
  readonly exit: () => void;
}

/** @returns what to do with each message of the host */
export function serveEngine(
  { module, options, methods }: EngineSetup,
  { send, deliver, exit }: Outlet,
): (message: ToEngine) => void {
  let running: AbortController | undefined;

  process.on('uncaughtExceptionMonitor', (thrown) =>
    send({ kind: 'uncaught', error: packError(thrown) }),
  );

  async function load(): Promise<EngineObject | undefined> {
    try {
      const engine = (await importEngine(module, methods)).build(options);
      await engine.load({ progress: (note) => send({ kind: 'progress', note }) });
      send({ kind: 'loaded' });
      return engine;
    } catch (thrown) {
      send({ kind: 'load-failed', error: packError(thrown) });
      exit();
      return undefined;
    }
  }

  async function answer(method: string, input: unknown): Promise<void> {
    running = new AbortController();
    try {
      const engine = await loading;
      deliver(await engine?.call(method, input, { signal: running.signal }));
    } catch (thrown) {
      send({ kind: 'error', error: packError(thrown) });
    } finally {
      running = undefined;
    }
  }

  async function close(): Promise<void> {
    try {
      await (await loading)?.close();
    } finally {
      exit();
    }
  }

  const loading = load();
  let work: Promise<unknown> = loading;

  return (message) => {
    switch (message.kind) {
      case 'call':
        work = answer(message.method, message.input);
        return;
      case 'abort':
        running?.abort();
        return;
      case 'close':
        void work.then(close);
    }
  };
}
