/** Checks that a model file is there and whole before a library, which may crash on anything else, opens it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RuntimeError } from '../errors.ts';

export interface ModelCheck {
  /** The name that `hearth models pull` knows it by. */
  readonly pullName?: string | undefined;
  /** Lower-case hex. */
  readonly sha256?: string | undefined;
}

/**
 * @returns the absolute path
 * @throws RuntimeError MODEL_MISSING, MODEL_BROKEN; both name the file and what to do
 */
export async function requireModel(
  file: string,
  { pullName, sha256 }: ModelCheck = {},
): Promise<string> {
  const absolute = path.resolve(file);
  const pull = pullName ? ` Run: npx hearth models pull ${pullName}` : '';
  const found = await stat(absolute).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'is missing' : `cannot be read (${error.code})`;
    throw new RuntimeError('MODEL_MISSING', `The model file ${absolute} ${why}.${pull}`, {
      cause: error,
    });
  });
  const broken = (what: string) =>
    new RuntimeError('MODEL_BROKEN', `The model file ${absolute} ${what}.${pull}`);
  if (!found.isFile()) throw broken('is not a file');
  if (found.size === 0) throw broken('is empty');
  if (sha256 && (await hashFile(absolute)) !== sha256)
    throw broken('is broken: its sha256 is wrong');
  return absolute;
}

/** Lower-case hex; reads the file in pieces. */
export async function hashFile(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}
