/** Fetches one file: into a part file that a later try goes on with, checked, and only then under its name. */
import { mkdir, rename, statfs } from 'node:fs/promises';
import path from 'node:path';
import { hashFile, UserError } from '@hearth/runtime';
import { pause } from '../wait.ts';
import { explainFailure, Passing } from './fetch-error.ts';
import { fetchPart, type PartLimits } from './fetch-part.ts';
import { formatBytes, type ModelFile } from './model.ts';
import { partOf, readPart, removeNote, removePart } from './part-file.ts';

/** Tries in a row that bring nothing. One that brings something begins the count anew. */
const MAX_IDLE_TRIES = 4;
/** Against a server that gives a little and ends, for ever. */
const MAX_TRIES = 50;
/** Left free for everything else on the disk. */
const SPARE_BYTES = 100e6;

export interface FetchLimits extends PartLimits {
  /** Waited after the first try in a row that brings nothing; doubles. */
  readonly pauseMs: number;
}

export const FETCH_LIMITS: FetchLimits = {
  answerMs: 20_000,
  stallMs: 30_000,
  pauseMs: 1_000,
};

export interface FetchOptions {
  readonly file: Pick<ModelFile, 'bytes' | 'sha256'>;
  readonly url: string;
  readonly target: string;
  readonly limits: FetchLimits;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number | undefined) => void;
}

/**
 * @returns the sha256 of what came
 * @throws UserError with what to do about it
 */
export async function fetchFile(options: FetchOptions): Promise<string> {
  const { url, target } = options;
  await mkdir(path.dirname(target), { recursive: true });
  try {
    await fetchWhole(options);
    return await checkPart(options);
  } catch (error) {
    throw explainFailure(error, { url, target });
  }
}

async function fetchWhole({ file, limits, signal, ...where }: FetchOptions): Promise<void> {
  const { url, target } = where;
  const part = {
    ...where,
    limits,
    signal,
    bytes: file.bytes,
    checkedAfter: file.sha256 !== undefined,
    checkSpace: (bytes: number) => checkSpace(target, bytes),
  };
  let most = 0;
  let idle = 0;
  for (let tries = 1; ; tries++) {
    const failure = await fetchPart(part).then(() => undefined, asPassing);
    if (!failure) return;
    const { bytes } = await readPart(target, url);
    idle = bytes > most ? 0 : idle + 1;
    most = Math.max(most, bytes);
    if (idle >= MAX_IDLE_TRIES || tries >= MAX_TRIES) throw failure;
    await pause(failure.waitMs ?? limits.pauseMs * 2 ** Math.max(0, idle - 1), signal);
  }
}

function asPassing(error: unknown): Passing {
  if (error instanceof Passing) return error;
  throw error;
}

async function checkPart({ file, target, url, signal }: FetchOptions): Promise<string> {
  const part = partOf(target);
  const sha256 = await hashFile(part, signal);
  if (file.sha256 && sha256 !== file.sha256) {
    await removePart(target);
    throw new UserError(
      'WRONG_CHECKSUM',
      [
        `What came from ${url} is not the file it should be: its sha256 is wrong. It was deleted.`,
        `  expected ${file.sha256}`,
        `  got      ${sha256}`,
        'Try again; if it happens again, the source was changed.',
      ].join('\n'),
    );
  }
  await rename(part, target);
  await removeNote(target);
  return sha256;
}

/** @throws UserError `NO_SPACE` */
async function checkSpace(target: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(path.dirname(target));
  const free = bavail * bsize;
  if (free >= bytes + SPARE_BYTES) return;
  const need = `${formatBytes(bytes)} are to come, and ${formatBytes(SPARE_BYTES)} must stay free`;
  throw new UserError(
    'NO_SPACE',
    `There is not enough space in ${path.dirname(target)}: ${formatBytes(free)} are free, ${need}.`,
  );
}
