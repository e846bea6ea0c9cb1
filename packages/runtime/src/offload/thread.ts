/** Where a worker thread with an engine begins. */
import { workerData } from 'node:worker_threads';
import { serveEngine } from './inside.ts';
import { pack } from './parcel.ts';
import type { FromEngine, ThreadSetup } from './wire.ts';

// A real edge: only thread-carrier.ts starts this file, with this value.
const setup: ThreadSetup = workerData;
const { port } = setup;
// Kept from the start: emscripten output is known to replace it. In a thread it ends the thread only.
const exit: () => never = process.exit.bind(process, 0);

port.on('message', serveEngine(setup, { send, deliver, exit }));

function send(message: FromEngine, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
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
