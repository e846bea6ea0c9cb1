/** The inside of a worker thread: builds one engine, then answers one call at a time. */
import { workerData } from 'node:worker_threads';
import { type EngineObject, importEngine } from './engine-class.ts';
import { pack } from './parcel.ts';
import type { FromThread, ThreadSetup, ToThread } from './wire.ts';
import { packError } from './wire-error.ts';

// A real edge: only thread-host.ts starts this file, with this value.
const setup: ThreadSetup = workerData;
const { port, module, options, methods } = setup;
// Kept from the start: emscripten output is known to replace it. In a thread it ends the thread only.
const exit: () => never = process.exit.bind(process, 0);
let running: AbortController | undefined;

process.on('uncaughtExceptionMonitor', (thrown) =>
  send({ kind: 'uncaught', error: packError(thrown) }),
);

const loading = load();
let work: Promise<unknown> = loading;

port.on('message', (message: ToThread) => {
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
});

async function load(): Promise<EngineObject> {
  try {
    const engine = (await importEngine(module, methods)).build(options);
    await engine.load({ progress: (note) => send({ kind: 'progress', note }) });
    send({ kind: 'loaded' });
    return engine;
  } catch (thrown) {
    send({ kind: 'load-failed', error: packError(thrown) });
    return exit();
  }
}

async function answer(method: string, input: unknown): Promise<void> {
  running = new AbortController();
  try {
    const engine = await loading;
    deliver(await engine.call(method, input, { signal: running.signal }));
  } catch (thrown) {
    send({ kind: 'error', error: packError(thrown) });
  } finally {
    running = undefined;
  }
}

function deliver(output: unknown): void {
  const { value, transfer } = pack(output);
  try {
    send({ kind: 'output', output: value }, transfer);
  } catch (thrown) {
    // Some buffers cannot be handed over, and do not tell: the whole memory of a WASM module, for one.
    if (transfer.length === 0) throw thrown;
    send({ kind: 'output', output: value });
  }
}

async function close(): Promise<void> {
  try {
    await (await loading).close();
  } finally {
    exit();
  }
}

function send(message: FromThread, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}
