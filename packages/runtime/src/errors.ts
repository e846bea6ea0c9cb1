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
