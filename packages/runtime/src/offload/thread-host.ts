/** One worker thread with one engine in it, seen from outside: how it starts, answers, dies and is left alone. */
import type { Readable } from 'node:stream';
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';
import { RuntimeError } from '../errors.ts';
import { beforeDeadline, DEADLINE } from './limits.ts';
import type { Job } from './line.ts';
import { pack } from './parcel.ts';
import { closedEarly, failed, notLoaded, overdue } from './resident.ts';
import { siblingModule } from './sibling.ts';
import type { FullSpec } from './spec.ts';
import type { FromThread, ThreadSetup, ToThread } from './wire.ts';
import { unpackError } from './wire-error.ts';

export interface ThreadHost {
  /** Rejects when `load` fails, takes too long, or the thread dies meanwhile. */
  readonly loaded: Promise<void>;
  /** Resolves with the reason when the thread died or was left alone after a call that hangs. */
  readonly lost: Promise<RuntimeError>;
  /** Resolves when the thread is really gone. */
  readonly exited: Promise<void>;
  /** One at a time. Settles when the engine is done, also when `signal` fired before that. */
  call(job: Job, signal: AbortSignal): Promise<unknown>;
  /** Ends the thread after its running call; past the limit the thread is left alone. */
  close(): Promise<void>;
  /** Nobody waits for it any more: it ends by itself after what it is doing, and holds up nothing until then. */
  leaveAlone(reason: RuntimeError): void;
}

export function startThread(spec: FullSpec, onProgress: (note: string) => void): ThreadHost {
  const { name, callLimitMs, closeLimitMs, loadLimitMs } = spec;
  const { worker, port } = launch(spec);
  const noise = listen(worker);
  const loaded = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<RuntimeError>();
  const exited = Promise.withResolvers<void>();
  let isLoaded = false;
  let running: (PromiseWithResolvers<unknown> & { method: string }) | undefined;
  let lastWords: Error | undefined;
  let gone: RuntimeError | undefined;
  loaded.promise.catch(() => {});

  function hear(message: FromThread): void {
    switch (message.kind) {
      case 'progress':
        return onProgress(message.note);
      case 'loaded':
        isLoaded = true;
        return loaded.resolve();
      case 'load-failed':
        return loaded.reject(notLoaded(name, unpackError(message.error)));
      case 'output':
        return running?.resolve(message.output);
      case 'error':
        return running?.reject(failed(name, running.method, unpackError(message.error)));
      case 'uncaught':
        lastWords = unpackError(message.error);
    }
  }

  function lose(reason: RuntimeError): void {
    gone ??= reason;
    lost.resolve(gone);
    loaded.reject(gone);
    running?.reject(gone);
  }

  function leaveAlone(reason: RuntimeError): void {
    lose(reason);
    say(port, { kind: 'close' });
    port.unref();
    worker.unref();
    if (spec.terminable) void worker.terminate();
  }

  port.on('message', hear);
  worker.on('error', (error) => {
    lastWords ??= error;
  });
  worker.on('exit', (code) => {
    // What it said last may still be on its way.
    for (let left = receiveMessageOnPort(port); left; left = receiveMessageOnPort(port))
      hear(left.message);
    port.close();
    const cause = lastWords ?? new Error(`exit code ${code}${noise.lastWords(isLoaded)}`);
    lose(isLoaded ? died(name, cause) : notLoaded(name, cause));
    exited.resolve();
  });

  void beforeDeadline(loaded.promise, loadLimitMs).then(
    (end) => end === DEADLINE && leaveAlone(overdue(name, 'load', loadLimitMs)),
    () => {},
  );

  return {
    loaded: loaded.promise,
    lost: lost.promise,
    exited: exited.promise,
    leaveAlone,
    async call({ method, input, transfer }, signal) {
      if (gone) throw gone;
      const answer = { ...Promise.withResolvers<unknown>(), method };
      running = answer;
      const abort = () => say(port, { kind: 'abort' });
      signal.addEventListener('abort', abort, { once: true });
      try {
        send(port, { method, input, transfer }, name);
        const output = await beforeDeadline(answer.promise, callLimitMs);
        if (output !== DEADLINE) return output;
      } finally {
        running = undefined;
        signal.removeEventListener('abort', abort);
      }
      const reason = overdue(name, method, callLimitMs);
      leaveAlone(reason);
      throw reason;
    },
    async close() {
      if (gone) return;
      say(port, { kind: 'close' });
      const end = await beforeDeadline(exited.promise, closeLimitMs);
      if (end === DEADLINE) leaveAlone(closedEarly(name));
    },
  };
}

function launch(spec: FullSpec): { worker: Worker; port: MessagePort } {
  const { port1, port2 } = new MessageChannel();
  const { module, options, methods, resourceLimits } = spec;
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
  return { worker, port: port1 };
}

function send(port: MessagePort, { method, input, transfer }: Job, name: string): void {
  try {
    const parcel = pack(input, transfer);
    port.postMessage({ kind: 'call', method, input: parcel.value }, parcel.transfer);
  } catch (cause) {
    throw failed(name, method, cause);
  }
}

function say(port: MessagePort, message: ToThread): void {
  port.postMessage(message);
}

/** Enough for one long line; what libraries print is not for people. */
const KEPT_OUTPUT = 2_000;
const SHOWN_OUTPUT = 200;
/** After loading, what is printed may repeat what was said: only a line that tells of a crash is shown. */
const CRASH = /^.{0,40}\b(abort|assert|fatal|out of memory|panic|segmentation)/i;

/** Swallows what the thread prints, so that our own output stays clean; keeps the end of stderr. */
function listen({ stdout, stderr }: { stdout: Readable; stderr: Readable }) {
  let tail = '';
  stdout.resume();
  stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-KEPT_OUTPUT);
  });
  return {
    lastWords(isLoaded: boolean): string {
      const lines = tail.split('\n').map((line) => line.trim());
      const last = lines.filter((line) => (isLoaded ? CRASH.test(line) : line !== '')).at(-1);
      return last ? `: ${last.slice(0, SHOWN_OUTPUT)}` : '';
    },
  };
}

function died(name: string, cause: Error): RuntimeError {
  const code = 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
  return new RuntimeError('ENGINE_FAILED', `${name}: its thread died${code}`, { cause });
}
