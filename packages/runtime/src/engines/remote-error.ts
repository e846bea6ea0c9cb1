/** What went wrong with a server, told without what was said to it or by it. */
import { RuntimeError, type RuntimeErrorCode } from '../errors.ts';
import { asError } from '../offload/wire-error.ts';

/** Request Timeout and Too Many Requests: the same request may succeed later. */
const PASSING = new Set([408, 429]);
const THEIRS = new Set<RuntimeErrorCode>(['REMOTE_FAILED', 'TIMEOUT']);
/** `fetch` hides the socket's error behind one or two others. */
const MAX_DEPTH = 5;

/** False for what would fail with any server: a request that is wrong, or one that nobody waits for. */
export function isTheirFault(thrown: unknown): boolean {
  if (thrown instanceof RuntimeError && !THEIRS.has(thrown.code)) return false;
  const status = statusOf(thrown);
  return status === undefined || status >= 500 || PASSING.has(status);
}

export function remoteFailed(name: string, thrown: unknown): RuntimeError {
  if (thrown instanceof RuntimeError) return thrown;
  const status = statusOf(thrown);
  const what = status ? `answered with status ${status}` : `failed (${codeOf(thrown)})`;
  return new RuntimeError('REMOTE_FAILED', `${name}: ${what}`, { cause: asError(thrown) });
}

/** As the errors of HTTP libraries carry it. */
function statusOf(thrown: unknown): number | undefined {
  const found = [field(thrown, 'status'), field(thrown, 'statusCode')];
  return found.find((status) => typeof status === 'number');
}

/** Its message might repeat what was said; a code, or the name of the error's class, does not. */
function codeOf(thrown: unknown): string {
  let error = thrown;
  for (let depth = 0; depth < MAX_DEPTH && error !== undefined; depth++) {
    const code = field(error, 'code');
    if (typeof code === 'string') return code;
    error = field(error, 'cause');
  }
  return asError(thrown).name;
}

function field(thrown: unknown, key: string): unknown {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const value: unknown = Reflect.get(thrown, key);
  return value;
}
