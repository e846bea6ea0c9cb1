/** What carries an engine: a thread or a process, seen as something that takes messages and ends at some time. */
import type { Readable } from 'node:stream';
import type { Job } from './line.ts';
import type { FromEngine, ToEngine } from './wire.ts';

export interface Carrier {
  readonly kind: 'thread' | 'process';
  /** What the engine prints. */
  readonly output: { readonly stdout: Readable; readonly stderr: Readable };
  say(message: ToEngine): void;
  /** Throws when the input cannot travel. */
  call(job: Job): void;
  /** Nobody waits for it any more: it holds up nothing, and is ended by force where that harms nobody else. */
  abandon(): void;
}

export interface CarrierListener {
  readonly hear: (message: FromEngine) => void;
  /** Once, after the last message. `how` is e.g. `exit code 1`. */
  readonly ended: (how: string, error?: Error) => void;
}
