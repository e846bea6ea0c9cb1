/** A call of an offloaded engine beside a message to a plain worker thread that does as little. */
import { Worker } from 'node:worker_threads';
import { openEngine, siblingModule } from '@hearth/runtime';
import { alternate } from './alternate.ts';
import type { Bench } from './bench.ts';
import { type Figure, reading } from './figure.ts';
import type { Echo } from './offload-engine.ts';

const ROUNDS = { rounds: 40, perRound: 50 };
const SMALL = { text: 'what time is it', confidence: 0.97 };
const MEGABYTE = 1_000_000;

type Send = (input: unknown, transfer: ArrayBuffer[]) => Promise<unknown>;

export const offloadBench: Bench = {
  name: 'offload',
  about: 'a call of an engine in its thread beside a plain worker thread',
  async run() {
    const module = siblingModule(import.meta.url, './offload-engine');
    const engine = await openEngine<Echo>({ name: 'echo', module, methods: ['echo'] });
    const worker = createPlainWorker();
    const subject: Send = (input, transfer) => engine.call('echo', input, { transfer });
    try {
      return [
        ...(await measure('small call', subject, worker.send, small)),
        ...(await measure('call with 1 MB', subject, worker.send, megabyte)),
      ];
    } finally {
      await engine.close();
      await worker.stop();
    }
  },
};

function small(send: Send): () => Promise<unknown> {
  return () => send(SMALL, []);
}

/** The buffer goes there and comes back, so one is enough for all calls. */
function megabyte(send: Send): () => Promise<unknown> {
  let bytes = new Uint8Array(MEGABYTE);
  return async () => {
    const answer = await send(bytes, [bytes.buffer]);
    if (!isMegabyte(answer)) throw new Error('1 MB was sent, and something else came back');
    bytes = answer;
  };
}

function isMegabyte(answer: unknown): answer is Uint8Array<ArrayBuffer> {
  return answer instanceof Uint8Array && answer.length === MEGABYTE;
}

async function measure(
  what: string,
  subject: Send,
  baseline: Send,
  work: (send: Send) => () => Promise<unknown>,
): Promise<Figure[]> {
  const pair = await alternate(ROUNDS, { subject: work(subject), baseline: work(baseline) });
  return (['p50', 'p99'] as const).map((share) => ({
    name: `${what}, ${share}`,
    unit: 'ms',
    ...reading(pair.subject, share),
    baseline: { name: 'plain worker thread', ...reading(pair.baseline, share) },
  }));
}

function createPlainWorker(): { readonly send: Send; stop(): Promise<unknown> } {
  const worker = new Worker(siblingModule(import.meta.url, './plain-worker'));
  const waiting = new Map<number, (output: unknown) => void>();
  let calls = 0;
  worker.on('message', ({ id, input }: { readonly id: number; readonly input: unknown }) => {
    waiting.get(id)?.(input);
    waiting.delete(id);
  });
  return {
    send(input, transfer) {
      const id = calls++;
      const { promise, resolve } = Promise.withResolvers<unknown>();
      waiting.set(id, resolve);
      worker.postMessage({ id, input }, transfer);
      return promise;
    },
    stop: () => worker.terminate(),
  };
}
