/** The messages between a thread host (`thread-host.ts`) and the inside of its thread (`thread.ts`). */
import type { MessagePort } from 'node:worker_threads';
import type { WireError } from './wire-error.ts';

export interface ThreadSetup {
  /**
   * A channel of our own, not `parentPort`: native and emscripten libraries listen and post there as they like.
   * At most one call is under way on it, so the messages need no number.
   */
  readonly port: MessagePort;
  /** URL of the engine module. */
  readonly module: string;
  readonly options: unknown;
  readonly methods: readonly string[];
}

export type ToThread =
  | { readonly kind: 'call'; readonly method: string; readonly input: unknown }
  /** Nobody waits for the running call any more. */
  | { readonly kind: 'abort' }
  /** End by yourself once the running call is over. */
  | { readonly kind: 'close' };

export type FromThread =
  | { readonly kind: 'progress'; readonly note: string }
  | { readonly kind: 'loaded' }
  | { readonly kind: 'load-failed'; readonly error: WireError }
  | { readonly kind: 'output'; readonly output: unknown }
  | { readonly kind: 'error'; readonly error: WireError }
  /** Sent on the way down: nobody in the thread caught this. */
  | { readonly kind: 'uncaught'; readonly error: WireError };
