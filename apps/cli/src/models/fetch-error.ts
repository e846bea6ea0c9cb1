/** What goes wrong with a download, in plain words. */
import { UserError } from '@hearth/runtime';

/** May be over in a moment: worth another try. */
export class Passing extends Error {
  override readonly name: string = 'Passing';
  /** How long the server asks us to wait. */
  readonly waitMs: number | undefined;

  constructor(message: string, options?: ErrorOptions & { waitMs?: number | undefined }) {
    super(message, options);
    this.waitMs = options?.waitMs;
  }
}

/** What is there already is of no use: the server has another file by now. */
export class Misfit extends Passing {}

const NO_CONNECTION = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** `fetch` hides the error of the socket behind one or two others. */
const MAX_DEPTH = 5;

export interface Where {
  readonly url: string;
  readonly target: string;
}

/** @returns a UserError, or the error itself when it is not about the download */
export function explainFailure(error: unknown, { url, target }: Where): unknown {
  const code = codeOf(error);
  if (code === 'ENOSPC') {
    return new UserError('NO_SPACE', `The disk of ${target} is full. What came so far is kept.`);
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return new UserError('NO_ACCESS', `${target} cannot be written (${code}).`);
  }
  if (!(error instanceof Passing)) return error;
  const { host } = new URL(url);
  const elsewhere = [
    'What came so far is kept: the same command goes on from there.',
    `Other ways: put the file there yourself, from ${url} to ${target}`,
    'or name a server at home that has it: HEARTH_MODELS_MIRROR=http://HOST:PORT/FOLDER',
  ];
  if (code && NO_CONNECTION.has(code)) {
    const first = `There is no connection to ${host} (${code}). Is this machine online?`;
    return new UserError('OFFLINE', [first, ...elsewhere.slice(1)].join('\n'));
  }
  const first = `The download from ${host} failed: ${error.message}.`;
  return new UserError('DOWNLOAD_FAILED', [first, ...elsewhere].join('\n'));
}

/** @param error of `fetch` or of reading its body */
function codeOf(error: unknown): string | undefined {
  let at = error;
  for (let depth = 0; depth < MAX_DEPTH && at instanceof Error; depth++) {
    const code: unknown = 'code' in at ? at.code : undefined;
    if (typeof code === 'string') return code;
    // Several addresses of one host were tried.
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return undefined;
}
