/** One try to get a file: asks for what is missing, and adds what comes to the part file. */
import { open } from 'node:fs/promises';
import { UserError } from '@hearth/runtime';
import { readAnswer } from './fetch-answer.ts';
import { Misfit, Passing } from './fetch-error.ts';
import { notePart, partOf, readPart, removePart } from './part-file.ts';
import { createWatchdog } from './watchdog.ts';

export interface PartLimits {
  /** Until the server answers. */
  readonly answerMs: number;
  /** Between two pieces. */
  readonly stallMs: number;
}

export interface PartRequest {
  readonly url: string;
  readonly target: string;
  readonly limits: PartLimits;
  readonly signal: AbortSignal;
  /** Of the whole file, where it is known. */
  readonly bytes: number | undefined;
  /** A wrong part will show in the checksum, so it may be gone on with although the server cannot tell. */
  readonly checkedAfter: boolean;
  readonly checkSpace: (bytes: number) => Promise<void>;
  readonly onProgress: (done: number, total: number | undefined) => void;
}

/** @throws Passing when another try may help */
export async function fetchPart(request: PartRequest): Promise<void> {
  const { url, target, limits, signal, bytes } = request;
  const { headers, asked } = await ask(request);
  if (asked > 0 && asked === bytes) return;
  const watchdog = createWatchdog(signal);
  try {
    watchdog.expect(limits.answerMs, 'it did not answer');
    const response = await fetch(url, { headers, signal: watchdog.signal });
    const answer = readAnswer(response, asked);
    if (!answer) return;
    const { from, total = bytes } = answer;
    if (bytes !== undefined && total !== bytes) throw wrongSize(url, total ?? 0, bytes);
    await request.checkSpace((total ?? 0) - from);
    await notePart(target, url, response.headers);
    await keep(response, { from, total }, request, () => {
      watchdog.expect(limits.stallMs, 'it sent nothing any more');
    });
  } catch (error) {
    if (error instanceof Misfit) await removePart(target);
    throw passing(error);
  } finally {
    watchdog.stop();
  }
}

/** From the first byte, unless what is there is known to be of the same file. */
async function ask({ url, target, bytes, checkedAfter }: PartRequest) {
  const part = await readPart(target, url);
  const mayGoOn = part.validator !== undefined || checkedAfter;
  const fits = bytes === undefined || part.bytes <= bytes;
  const asked = mayGoOn && fits ? part.bytes : 0;
  const headers = new Headers({ 'accept-encoding': 'identity' });
  if (asked > 0) headers.set('range', `bytes=${asked}-`);
  if (asked > 0 && part.validator) headers.set('if-range', part.validator);
  return { headers, asked };
}

async function keep(
  response: Response,
  { from, total }: { readonly from: number; readonly total: number | undefined },
  { target, onProgress }: PartRequest,
  onPiece: () => void,
): Promise<void> {
  let done = from;
  const file = await open(partOf(target), from > 0 ? 'a' : 'w');
  try {
    onPiece();
    onProgress(done, total);
    for await (const piece of response.body ?? []) {
      await file.writeFile(piece);
      done += piece.length;
      onPiece();
      onProgress(done, total);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  if (total !== undefined && done !== total) throw new Passing('the connection broke off');
}

/** `fetch` throws a TypeError for whatever happens to a connection. */
function passing(error: unknown): unknown {
  if (!(error instanceof TypeError)) return error;
  const what = error.message === 'terminated' ? 'the connection broke off' : 'no connection';
  return new Passing(what, { cause: error });
}

function wrongSize(url: string, got: number, expected: number): UserError {
  const message = `The file at ${url} has ${got} bytes instead of ${expected}: it is not the one that Hearth knows.`;
  return new UserError('WRONG_SIZE', message);
}
