/** The line in front of an engine: one call at a time, in order, with a bounded number waiting. */
import { RuntimeError } from '../errors.ts';
import { abandoned } from './limits.ts';

export interface Job {
  readonly method: string;
  readonly input: unknown;
  /** Buffers of the input that may be handed over to a thread. */
  readonly transfer: readonly ArrayBuffer[];
}

export interface LineOptions {
  /** Stands in error messages. */
  readonly name: string;
  /** How many may wait beside the one that runs. */
  readonly limit: number;
  /** Settles when the engine is free again: the next one starts then, not earlier. */
  readonly run: (job: Job, signal: AbortSignal) => Promise<unknown>;
}

export interface Line {
  readonly pending: number;
  /**
   * A job in the line leaves it at once when `signal` fires. One that runs cannot be stopped safely:
   * its caller is told at once, its result is dropped, and the line goes on when it is over.
   */
  add(job: Job, signal?: AbortSignal): Promise<unknown>;
  /** Rejects those who wait with CLOSED, and everyone who comes later. The one that runs goes on. */
  close(): void;
}

interface Entry {
  readonly job: Job;
  readonly stop: AbortController;
  readonly answer: PromiseWithResolvers<unknown>;
}

export function createLine({ name, limit, run }: LineOptions): Line {
  const waiting: Entry[] = [];
  let running: Entry | undefined;
  let closed = false;

  function next(): void {
    running = waiting.shift();
    if (!running) return;
    const { job, stop, answer } = running;
    void run(job, stop.signal).then(answer.resolve, answer.reject).finally(next);
  }

  async function wait(entry: Entry, signal: AbortSignal | undefined): Promise<unknown> {
    const leave = () => {
      const at = waiting.indexOf(entry);
      if (at >= 0) waiting.splice(at, 1);
      entry.answer.reject(abandoned(signal, `${name}: ${entry.job.method}`));
      entry.stop.abort();
    };
    signal?.addEventListener('abort', leave, { once: true });
    try {
      return await entry.answer.promise;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  return {
    get pending() {
      return waiting.length + (running ? 1 : 0);
    },
    async add(job, signal) {
      if (closed) throw new RuntimeError('CLOSED', `${name}: the engine is closed`);
      if (signal?.aborted) throw abandoned(signal, `${name}: ${job.method}`);
      if (running && waiting.length >= limit)
        throw new RuntimeError('QUEUE_FULL', `${name}: ${limit} calls are waiting already`);
      const entry = { job, stop: new AbortController(), answer: Promise.withResolvers<unknown>() };
      waiting.push(entry);
      if (!running) next();
      return await wait(entry, signal);
    },
    close() {
      closed = true;
      for (const { answer } of waiting.splice(0))
        answer.reject(new RuntimeError('CLOSED', `${name}: the engine was closed`));
    },
  };
}
