/** Keeps two commands from writing into one folder at the same time. */
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '@hearth/runtime';

/** Of a command that was killed is taken over: its process lives no more. */
const LOCK_FILE = '.hearth-lock';

/**
 * @param doing stands in the message to the second one, e.g. `fetching models`
 * @throws UserError `BUSY`
 */
export async function withFolderLock<Value>(
  folder: string,
  doing: string,
  work: () => Promise<Value>,
): Promise<Value> {
  await mkdir(folder, { recursive: true });
  const lock = path.join(folder, LOCK_FILE);
  const holder = await take(lock);
  if (holder !== undefined) {
    const message = `Another command (process ${holder}) is ${doing} in ${folder}. Wait for it, or end it.`;
    throw new UserError('BUSY', message);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/** @returns the process that holds it; undefined when it is ours now */
async function take(lock: string): Promise<number | undefined> {
  if (await create(lock)) return undefined;
  const pid = Number(await readFile(lock, 'utf8').catch(() => ''));
  if (lives(pid)) return pid;
  await rm(lock, { force: true });
  return (await create(lock)) ? undefined : Number(await readFile(lock, 'utf8').catch(() => ''));
}

async function create(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function lives(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
