/** The messages between an engine host (`engine-host.ts`) and the inside of its thread or process (`inside.ts`). */
import type { MessagePort } from 'node:worker_threads';
import type { WireError } from './wire-error.ts';

export interface EngineSetup {
  /** URL of the engine module. */
  readonly module: string;
  readonly options: unknown;
  readonly methods: readonly string[];
}

export interface ThreadSetup extends EngineSetup {
  /**
   * A channel of our own, not `parentPort`: native and emscripten libraries listen and post there as they like.
   * At most one call is under way on it, so the messages need no number.
   */
  readonly port: MessagePort;
}

export type ToEngine =
  | { readonly kind: 'call'; readonly method: string; readonly input: unknown }
  /** Nobody waits for the running call any more. */
  | { readonly kind: 'abort' }
  /** End by yourself once the running call is over. */
  | { readonly kind: 'close' };

/** The first message to a process. A thread gets it as its `workerData`. */
export interface SetupMessage {
  readonly kind: 'setup';
  readonly setup: EngineSetup;
}

export type FromEngine =
  | { readonly kind: 'progress'; readonly note: string }
  | { readonly kind: 'loaded' }
  | { readonly kind: 'load-failed'; readonly error: WireError }
  | { readonly kind: 'output'; readonly output: unknown }
  | { readonly kind: 'error'; readonly error: WireError }
  /** Sent on the way down: nobody in there caught this. */
  | { readonly kind: 'uncaught'; readonly error: WireError };
