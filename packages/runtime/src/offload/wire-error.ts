/** Errors as plain values: structured cloning alone would lose `code`, the name of a subclass and odd causes. */

export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: WireError;
}

/** Deeper causes are cut off; this also ends a chain that bites its own tail. */
const MAX_DEPTH = 8;

/** Takes whatever was thrown, an Error or not, and never throws itself. */
export function packError(thrown: unknown, depth = 0): WireError {
  const code = field(thrown, 'code');
  const stack = field(thrown, 'stack');
  const cause = field(thrown, 'cause');
  const deeper = cause !== undefined && depth < MAX_DEPTH;
  return {
    name: text(field(thrown, 'name')) ?? 'Error',
    message: text(field(thrown, 'message')) ?? text(thrown) ?? describe(thrown),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof stack === 'string' ? { stack } : {}),
    ...(deeper ? { cause: packError(cause, depth + 1) } : {}),
  };
}

export function unpackError(wire: WireError): Error {
  const cause = wire.cause && unpackError(wire.cause);
  const error = new Error(wire.message, cause ? { cause } : undefined);
  define(error, 'name', wire.name);
  if (wire.stack !== undefined) define(error, 'stack', wire.stack);
  if (wire.code !== undefined) Object.assign(error, { code: wire.code });
  return error;
}

/** An Error as it is; anything else that was thrown as an Error that says what it was. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : unpackError(packError(thrown));
}

/** Not enumerable, as on errors that were never away. */
function define(error: Error, key: 'name' | 'stack', value: string): void {
  Object.defineProperty(error, key, { value, configurable: true, writable: true });
}

/** Getters of foreign objects may throw. */
function field(thrown: unknown, key: string): unknown {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  try {
    const value: unknown = Reflect.get(thrown, key);
    return value;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function describe(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null) return 'threw an object without a message';
  if (typeof thrown === 'function') return 'threw a function';
  return `threw ${String(thrown)}`;
}
