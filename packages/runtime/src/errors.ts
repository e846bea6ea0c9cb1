/** Every failure of the runtime that a program can tell apart. Match on `code`, never on the message. */

export type RuntimeErrorCode =
  /** Not done within its time limit. */
  | 'TIMEOUT'
  /** The caller's AbortSignal fired. */
  | 'CANCELLED'
  /** Breaks its contract; never sent, or dropped on arrival. */
  | 'INVALID_PAYLOAD'
  | 'PAYLOAD_TOO_LARGE'
  /** There is no connection to the broker. */
  | 'OFFLINE'
  /** A bounded queue is at its limit. */
  | 'QUEUE_FULL'
  /** The broker refuses it: see its access rules. */
  | 'REFUSED'
  /** The bus, the engine or the service has ended or is ending. */
  | 'CLOSED'
  | 'ENGINE_FAILED'
  | 'ENGINE_UNAVAILABLE'
  /** The message names the file and how to get it. */
  | 'MODEL_MISSING'
  | 'MODEL_BROKEN'
  /** A server that an engine asks: unreachable, or answered with an error. */
  | 'REMOTE_FAILED'
  /** The other side answered with an error: see `remoteCode`. */
  | 'REMOTE';

export interface RuntimeErrorOptions extends ErrorOptions {
  readonly remoteCode?: string;
}

/** Its message never repeats what was said: it may be logged and sent. */
export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';
  readonly code: RuntimeErrorCode;
  /** With `REMOTE`: the code that the other side gave. */
  readonly remoteCode: string | undefined;

  constructor(code: RuntimeErrorCode, message: string, options?: RuntimeErrorOptions) {
    super(message, options);
    this.code = code;
    this.remoteCode = options?.remoteCode;
  }
}

/** What an aborted wait rejects with. */
export function cancelled(signal: AbortSignal, what: string): RuntimeError {
  return new RuntimeError('CANCELLED', `${what}: cancelled`, { cause: signal.reason });
}

export interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  /** Where it was thrown, for the log. */
  readonly at: string;
}

/**
 * What may be logged and sent of any error. Only our own errors have a text that is known to quote nobody: they carry a
 * `code`. Node's `ERR_…` texts quote (a search in SQLite that fails shows the words searched for), and so do others.
 */
export function errorFacts(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { code: 'INTERNAL', message: 'unexpected failure', at: '' };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const at = frames.slice(0, 3).join(' ').trim();
  const code = 'code' in error && typeof error.code === 'string' ? error.code.slice(0, 64) : '';
  if (code === '' || code.startsWith('ERR_')) {
    return { code: 'INTERNAL', message: `unexpected failure (${code || error.name})`, at };
  }
  return { code, message: error.message.slice(0, 500), at };
}
