/** Whether the files of a model are there, and whether they are what they should be. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '@hearth/runtime';
import type { Model, ModelFile } from './model.ts';
import { readReceipt } from './receipt.ts';

export interface FileCheck {
  readonly file: string;
  /** `unverified`: no checksum is known but, maybe, the one it had when it came. */
  readonly state: 'missing' | 'broken' | 'unverified' | 'verified';
  readonly reason?: string;
}

export type ModelState = 'missing' | 'incomplete' | 'present';

/** By their being there only: quick. */
export async function stateOfModel({ files }: Model, folder: string): Promise<ModelState> {
  const sizes = await Promise.all(files.map(({ path: below }) => sizeOf(path.join(folder, below))));
  const present = sizes.filter((size) => size !== undefined).length;
  if (present === 0) return 'missing';
  return present === files.length ? 'present' : 'incomplete';
}

/** Reads every byte. */
export async function checkModel(
  { name, files }: Model,
  folder: string,
  signal: AbortSignal,
): Promise<FileCheck[]> {
  const receipt = await readReceipt(folder, name);
  const checks: FileCheck[] = [];
  for (const file of files) {
    const came = receipt[file.path]?.sha256;
    checks.push(await checkFile(file, { folder, came, signal }));
  }
  return checks;
}

async function checkFile(
  { path: below, bytes, sha256 }: ModelFile,
  { folder, came, signal }: { folder: string; came: string | undefined; signal: AbortSignal },
): Promise<FileCheck> {
  const file = path.join(folder, below);
  const size = await sizeOf(file);
  if (size === undefined) return { file, state: 'missing' };
  if (bytes !== undefined && size !== bytes) {
    return { file, state: 'broken', reason: `has ${size} bytes instead of ${bytes}` };
  }
  const actual = await hashFile(file, signal);
  if (sha256) {
    return actual === sha256
      ? { file, state: 'verified' }
      : { file, state: 'broken', reason: 'its sha256 is wrong' };
  }
  if (came === undefined) return { file, state: 'unverified', reason: 'no checksum is known' };
  return actual === came
    ? { file, state: 'unverified', reason: 'no checksum is known; as it was when it came' }
    : { file, state: 'broken', reason: 'it was changed after it came' };
}

async function sizeOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}
