/** Where the sound of an answer is kept: a file that was asked for, or the newest hundred in the data folder. */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeWav } from '@hearth/core';
import { UserError } from '@hearth/runtime';
import type { SpokenSound } from './turn-sound.ts';

const KEEP = 100;

/**
 * @returns its absolute path
 * @throws UserError `CANNOT_WRITE`
 */
export async function saveAnswer(
  dataDir: string,
  turnId: string,
  sound: SpokenSound,
): Promise<string> {
  const folder = path.join(dataDir, 'answers');
  await mkdir(folder, { recursive: true }).catch(cannotWrite(folder));
  // The id may come from another program: it must not lead out of the folder.
  const file = path.join(folder, `${turnId.replaceAll(/[^\w-]/g, '_')}.wav`);
  await saveSound(file, sound);
  await removeOldest(folder, KEEP);
  return file;
}

/** @throws UserError `CANNOT_WRITE` */
export async function saveSound(file: string, sound: SpokenSound): Promise<string> {
  const target = path.resolve(file);
  await writeFile(target, writeWav(sound)).catch(cannotWrite(target));
  return target;
}

function cannotWrite(target: string) {
  return (cause: unknown): never => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError('CANNOT_WRITE', `${target} cannot be written: ${why}`, { cause });
  };
}

async function removeOldest(folder: string, keep: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.wav'));
  if (names.length <= keep) return;
  const files = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      // Another command may have removed it meanwhile.
      const writtenMs = await stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
      return { file, writtenMs };
    }),
  );
  files.sort((a, b) => b.writtenMs - a.writtenMs);
  await Promise.all(files.slice(keep).map(({ file }) => rm(file, { force: true })));
}
