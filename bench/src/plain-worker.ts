/** The least that a worker thread can be: it posts back what it gets, and hands buffers over. */
import { parentPort } from 'node:worker_threads';

parentPort?.on('message', (message: { readonly input: unknown }) => {
  const { input } = message;
  const buffer = input instanceof Uint8Array ? input.buffer : undefined;
  parentPort?.postMessage(message, buffer instanceof ArrayBuffer ? [buffer] : []);
});
