/** What can go wrong with a language model's server, in plain words that repeat nothing of what was said. */
import { RuntimeError } from '@hearth/runtime';

export type ModelErrorCode =
  /** Nobody answers there, or the guard leaves it alone for a while. */
  | 'LLM_UNREACHABLE'
  /** The key is missing or wrong. */
  | 'LLM_UNAUTHORIZED'
  /** There is no such model, or no such path. */
  | 'LLM_NO_MODEL'
  /** Too many requests, or a quota that is used up. */
  | 'LLM_BUSY'
  /** The server does not take the request. */
  | 'LLM_REFUSED'
  | 'LLM_FAILED'
  /** The connection broke in the middle of an answer. */
  | 'LLM_DISCONNECTED'
  /** Nothing came for too long. */
  | 'LLM_STALLED'
  /** What came cannot be read. */
  | 'LLM_GARBLED'
  | 'LLM_EMPTY'
  /** A package or a setting is missing. */
  | 'LLM_UNAVAILABLE';

interface Details extends ErrorOptions {
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** Its message may be logged and sent. The cause may hold what the server said: keep it out of logs. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;
  /** Of HTTP; what the guard tells a wrong request from a failing server by. */
  readonly status: number | undefined;
  /** How long the server asks to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ModelErrorCode,
    message: string,
    { status, retryAfterMs, cause }: Details = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface Server {
  /** Stands in messages, e.g. `the language model at 127.0.0.1:11434`. */
  readonly title: string;
  readonly model: string;
}

/** @param begun whether a part of the answer had come */
export function modelError(server: Server, thrown: unknown, begun: boolean): ModelError {
  if (thrown instanceof ModelError) return thrown;
  if (thrown instanceof RuntimeError) return fromGuard(server, thrown);
  const status = numberIn(thrown, 'statusCode');
  if (status !== undefined && status >= 400) return fromStatus(server, status, thrown);
  if (thrown instanceof Error && thrown.name === 'AI_ToolChoiceViolationError')
    return new ModelError('LLM_EMPTY', `${server.title} asks for tools instead of answering`);
  if (isGarbled(thrown)) return garbled(server, thrown);
  const code = socketCode(thrown);
  if (begun || status !== undefined || BROKEN_OFF.has(code))
    return new ModelError('LLM_DISCONNECTED', `${server.title} broke off (${code})`, {
      cause: thrown,
    });
  if (!isConnectError(thrown))
    return new ModelError('LLM_FAILED', `${server.title} failed (${code})`, { cause: thrown });
  const message = `${server.title} cannot be reached (${code}): is it running?`;
  return new ModelError('LLM_UNREACHABLE', message, { cause: thrown });
}

export function garbled({ title }: Server, cause?: unknown): ModelError {
  return new ModelError('LLM_GARBLED', `${title} sent what cannot be read`, { cause });
}

function fromGuard(server: Server, error: RuntimeError): ModelError {
  if (error.cause instanceof ModelError) return error.cause;
  if (error.code === 'TIMEOUT')
    return new ModelError('LLM_STALLED', `${server.title} did not begin to answer in time`);
  // Without a cause nobody was asked: the circuit is open.
  if (error.code === 'REMOTE_FAILED')
    return new ModelError('LLM_UNREACHABLE', `${server.title} has failed several times in a row`);
  return new ModelError('LLM_UNAVAILABLE', error.message, { cause: error });
}

function fromStatus({ title, model }: Server, status: number, cause: unknown): ModelError {
  const details = { status, cause, retryAfterMs: retryAfterMs(cause) };
  switch (status) {
    case 401:
    case 403:
      return new ModelError(
        'LLM_UNAUTHORIZED',
        `${title} refuses the key: check LLM_API_KEY`,
        details,
      );
    case 404: {
      const message = `${title} does not know "${model}": check LLM_MODEL and LLM_BASE_URL`;
      return new ModelError('LLM_NO_MODEL', message, details);
    }
    case 429:
      return new ModelError('LLM_BUSY', `${title} is busy, or its quota is used up`, details);
  }
  return status >= 500 || status === 408
    ? new ModelError('LLM_FAILED', `${title} failed with status ${status}`, details)
    : new ModelError('LLM_REFUSED', `${title} refused the request with status ${status}`, details);
}

/** The classes of the SDK that mean: it came, but it is no answer. Known by name, as two copies of it may be loaded. */
const GARBLED = new Set([
  'AI_JSONParseError',
  'AI_TypeValidationError',
  'AI_InvalidResponseDataError',
  'AI_EmptyResponseBodyError',
  'AI_NoOutputGeneratedError',
]);
const BROKEN_OFF = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
/** The error of a socket is hidden behind one or two others. */
const MAX_DEPTH = 5;

function isGarbled(thrown: unknown): boolean {
  return causes(thrown).some((error) => error instanceof Error && GARBLED.has(error.name));
}

function isConnectError(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.startsWith('Cannot connect');
}

function socketCode(thrown: unknown): string {
  const all = causes(thrown);
  for (const error of all) {
    const code = field(error, 'code');
    if (typeof code === 'string') return code;
  }
  const last = all.at(-1);
  return last instanceof Error ? last.name : 'unknown reason';
}

function causes(thrown: unknown): unknown[] {
  const all: unknown[] = [];
  for (
    let error = thrown;
    error !== undefined && all.length < MAX_DEPTH;
    error = field(error, 'cause')
  )
    all.push(error);
  return all;
}

function retryAfterMs(thrown: unknown): number | undefined {
  const seconds = Number(field(field(thrown, 'responseHeaders'), 'retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

function numberIn(of: unknown, key: string): number | undefined {
  const value = field(of, key);
  return typeof value === 'number' ? value : undefined;
}

function field(of: unknown, key: string): unknown {
  if (typeof of !== 'object' || of === null) return undefined;
  const value: unknown = Reflect.get(of, key);
  return value;
}
