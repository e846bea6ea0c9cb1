/** One engine in its thread or process, seen from outside: how it starts, answers, dies and is left alone. */
import { RuntimeError } from '../errors.ts';
import { beforeDeadline, DEADLINE } from './limits.ts';
import type { Job } from './line.ts';
import { listen } from './noise.ts';
import { startProcess } from './process-carrier.ts';
import { closedEarly, failed, notLoaded, overdue } from './resident.ts';
import type { FullSpec } from './spec.ts';
import { startThread } from './thread-carrier.ts';
import type { FromEngine } from './wire.ts';
import { unpackError } from './wire-error.ts';

export interface EngineHost {
  /** Rejects when `load` fails, takes too long, or its thread or process dies meanwhile. */
  readonly loaded: Promise<void>;
  /** Resolves with the reason when it died or was left alone after a call that hangs. */
  readonly lost: Promise<RuntimeError>;
  /** Resolves when the thread or process is really gone. */
  readonly exited: Promise<void>;
  /** One at a time. Settles when the engine is done, also when `signal` fired before that. */
  call(job: Job, signal: AbortSignal): Promise<unknown>;
  /** Ends it after its running call; past the limit it is left alone. */
  close(): Promise<void>;
  /** Nobody waits for it any more: it ends by itself after what it is doing, and holds up nothing until then. */
  leaveAlone(reason: RuntimeError): void;
}

export function startHost(spec: FullSpec, onProgress: (note: string) => void): EngineHost {
  const { name, callLimitMs, closeLimitMs, loadLimitMs } = spec;
  const start = spec.isolation === 'process' ? startProcess : startThread;
  const carrier = start(spec, { hear, ended });
  const noise = listen(carrier.output);
  const loaded = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<RuntimeError>();
  const exited = Promise.withResolvers<void>();
  let isLoaded = false;
  let running: (PromiseWithResolvers<unknown> & { method: string }) | undefined;
  let uncaught: Error | undefined;
  let gone: RuntimeError | undefined;
  loaded.promise.catch(() => {});

  function hear(message: FromEngine): void {
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
        uncaught = unpackError(message.error);
    }
  }

  function ended(how: string, error?: Error): void {
    const cause = uncaught ?? error ?? new Error(`${how}${noise.lastWords(isLoaded)}`);
    lose(isLoaded ? died(name, carrier.kind, cause) : notLoaded(name, cause));
    exited.resolve();
  }

  function lose(reason: RuntimeError): void {
    gone ??= reason;
    lost.resolve(gone);
    loaded.reject(gone);
    running?.reject(gone);
  }

  function leaveAlone(reason: RuntimeError): void {
    lose(reason);
    carrier.say({ kind: 'close' });
    noise.stop();
    carrier.abandon();
  }

  function send(job: Job): void {
    try {
      carrier.call(job);
    } catch (cause) {
      throw failed(name, job.method, cause);
    }
  }

  void beforeDeadline(loaded.promise, loadLimitMs).then(
    (end) => end === DEADLINE && leaveAlone(overdue(name, 'load', loadLimitMs)),
    () => {},
  );

  return {
    loaded: loaded.promise,
    lost: lost.promise,
    exited: exited.promise,
    leaveAlone,
    async call(job, signal) {
      if (gone) throw gone;
      const { method } = job;
      const answer = { ...Promise.withResolvers<unknown>(), method };
      running = answer;
      const abort = () => carrier.say({ kind: 'abort' });
      signal.addEventListener('abort', abort, { once: true });
      try {
        send(job);
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
      carrier.say({ kind: 'close' });
      const end = await beforeDeadline(exited.promise, closeLimitMs);
      if (end === DEADLINE) leaveAlone(closedEarly(name));
    },
  };
}

function died(name: string, kind: string, cause: Error): RuntimeError {
  const code = 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
  return new RuntimeError('ENGINE_FAILED', `${name}: its ${kind} died${code}`, { cause });
}
