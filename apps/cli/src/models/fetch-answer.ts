/** What a server's answer to a request for a file, or for the rest of it, means. */
import { UserError } from '@hearth/runtime';
import { Misfit, Passing } from './fetch-error.ts';

export interface FileAnswer {
  /** Where in the file the first byte of the body belongs. */
  readonly from: number;
  /** Of the whole file, as far as the server tells. */
  readonly total: number | undefined;
}

/** The longest that a server may keep us waiting. */
const LONGEST_WAIT_S = 30;

/**
 * @param asked the first byte that was asked for
 * @returns undefined when there is nothing after `asked`: the part is the whole file
 * @throws UserError where another try would not help; Passing where it may
 */
export function readAnswer(response: Response, asked: number): FileAnswer | undefined {
  const { status, headers, url } = response;
  if (status === 200) return readWhole(response);
  if (status === 206) {
    const [, from, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(range(headers)) ?? [];
    if (Number(from) === asked) return { from: asked, total: Number(total) };
    throw new Misfit('it answered with another part of the file than it was asked for');
  }
  if (status === 416) {
    if (range(headers) === `bytes */${asked}`) return undefined;
    throw new Misfit('it has another file than before');
  }
  if (status === 404 || status === 410) {
    throw new UserError('NOT_FOUND', `${new URL(url).host} has no such file (${status}): ${url}`);
  }
  const message = `it answered with status ${status}`;
  if (status >= 500 || status === 408 || status === 429) {
    throw new Passing(message, { waitMs: waitMs(headers) });
  }
  throw new UserError('REFUSED', `${new URL(url).host} does not give ${url}: ${message}.`);
}

function readWhole({ headers, url }: Response): FileAnswer {
  // The sign-in page of a hotel or a company, for one.
  if (headers.get('content-type')?.startsWith('text/html')) {
    const message = `${new URL(url).host} answered with a web page instead of ${url}.`;
    throw new UserError('NOT_A_FILE', `${message} Does the network want you to sign in?`);
  }
  const length = headers.get('content-length');
  return { from: 0, total: length === null ? undefined : Number(length) };
}

function range(headers: Headers): string {
  return headers.get('content-range') ?? '';
}

function waitMs(headers: Headers): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 ? Math.min(seconds, LONGEST_WAIT_S) * 1_000 : undefined;
}
