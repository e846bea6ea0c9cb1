/** Carries an engine in a worker thread. */
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Carrier, CarrierListener } from './carrier.ts';
import { pack } from './parcel.ts';
import { siblingModule } from './sibling.ts';
import type { FullSpec } from './spec.ts';
import type { ThreadSetup } from './wire.ts';

export function startThread(spec: FullSpec, { hear, ended }: CarrierListener): Carrier {
  const { module, options, methods, resourceLimits } = spec;
  const { port1: port, port2 } = new MessageChannel();
  const setup: ThreadSetup = { port: port2, module: module.href, options, methods };
  // Plain worker_threads, no pool: an engine has state, so it has one thread, which a pool would replace behind its back.
  const worker = new Worker(siblingModule(import.meta.url, './thread'), {
    name: spec.name,
    workerData: setup,
    transferList: [port2],
    stdout: true,
    stderr: true,
    ...(resourceLimits && { resourceLimits }),
  });
  let failure: Error | undefined;

  port.on('message', hear);
  worker.on('error', (error) => {
    failure = error;
  });
  worker.on('exit', (code) => {
    // What it said last may still be on its way.
    for (let left = receiveMessageOnPort(port); left; left = receiveMessageOnPort(port))
      hear(left.message);
    port.close();
    ended(`exit code ${code}`, failure);
  });

  return {
    kind: 'thread',
    output: worker,
    say: (message) => port.postMessage(message),
    call({ method, input, transfer }) {
      const parcel = pack(input, transfer);
      port.postMessage({ kind: 'call', method, input: parcel.value }, parcel.transfer);
    },
    abandon() {
      port.unref();
      worker.unref();
      // Inside native code this would abort the whole process.
      if (spec.terminable) void worker.terminate();
    },
  };
}
