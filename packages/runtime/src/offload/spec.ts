/** What an engine is asked for with, and what it tells about itself while it is open. */
import type { ResourceLimits } from 'node:worker_threads';

export interface EngineSpec {
  /** Stands in error messages, health and the name of the thread. */
  readonly name: string;
  /** The engine module: `siblingModule(import.meta.url, './engines/flite')`. */
  readonly module: URL;
  /** Given to the constructor. Must survive structured cloning. */
  readonly options?: unknown;
  /** The methods of the port. An engine may lack some of them: see `has`. */
  readonly methods: readonly string[];
  /** How many calls may wait. Beyond it `call` rejects with QUEUE_FULL at once. */
  readonly queueLimit?: number;
  /**
   * `process` for an engine whose native code can take a process down with it: its input and output are copied, and a
   * call past its limit is ended by force. `thread`, which is the default, needs no copies; an engine of async methods
   * only needs no thread either.
   */
  readonly isolation?: 'thread' | 'process';
  /** Memory limits of the thread (in a process: of its JavaScript); native memory and WASM heaps do not count. */
  readonly resourceLimits?: ResourceLimits;
  /**
   * True when the engine runs no native code (plain JavaScript, WASM): its thread may be terminated when it is past a
   * limit. Inside native code that would abort the whole process, so by default such a thread is left to itself.
   */
  readonly terminable?: boolean;
  readonly loadLimitMs?: number;
  /** For a call that hangs: its caller gets TIMEOUT and the engine gets a new thread. */
  readonly callLimitMs?: number;
  /** How long `close` waits for the running call. */
  readonly closeLimitMs?: number;
}

export type FullSpec = EngineSpec & Required<Omit<EngineSpec, 'options' | 'resourceLimits'>>;

/** News about an open engine, in the order in which they happen. */
export type EngineChange =
  /** Its `load` says how far it is. */
  | { readonly to: 'loading'; readonly note: string }
  | { readonly to: 'ready' }
  /** Its thread or process is gone, a new one is on the way. Calls wait for it. */
  | { readonly to: 'replacing'; readonly reason: string }
  /** The new one could not load it. Calls reject with ENGINE_UNAVAILABLE until a later try succeeds. */
  | { readonly to: 'unavailable'; readonly reason: string };

export type OnChange = (change: EngineChange) => void;

export function withDefaults(spec: EngineSpec): FullSpec {
  return {
    queueLimit: 256,
    isolation: 'thread',
    terminable: false,
    // A large model on a slow disk takes minutes; for ever is a bug.
    loadLimitMs: 300_000,
    // Far above every deadline on the bus (the longest is 30 s): only a call that hangs takes this long.
    callLimitMs: 120_000,
    // What a service has for finishing its work when it is told to stop.
    closeLimitMs: 10_000,
    ...spec,
  };
}
