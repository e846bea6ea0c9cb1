/** `run.json` in the data folder says where the running assistant is, so that other commands find it. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '@hearth/runtime';
import { z } from 'zod';

const runSchema = z.object({
  url: z.string(),
  pid: z.number().int().positive(),
  /** Milliseconds since the Unix epoch. */
  startedMs: z.number(),
});
export type RunInfo = z.infer<typeof runSchema>;

/** @throws UserError `CANNOT_WRITE` */
export async function writeRunFile(dataDir: string, url: string): Promise<void> {
  const run: RunInfo = { url, pid: process.pid, startedMs: Date.now() };
  // Readers must never see half a file.
  const draft = `${runPath(dataDir)}.${process.pid}`;
  try {
    await mkdir(dataDir, { recursive: true });
    await writeFile(draft, `${JSON.stringify(run)}\n`);
    await rename(draft, runPath(dataDir));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const what = `The data folder ${dataDir} cannot be written: ${why}. Is HEARTH_DATA_DIR right?`;
    throw new UserError('CANNOT_WRITE', what, { cause });
  }
}

/** Removes it, if it is ours. */
export async function removeRunFile(dataDir: string): Promise<void> {
  const run = await parseRunFile(dataDir);
  if (run?.pid === process.pid) await rm(runPath(dataDir), { force: true });
}

/** Undefined when there is none, or when the process that wrote it is gone. */
export async function readRunFile(dataDir: string): Promise<RunInfo | undefined> {
  const run = await parseRunFile(dataDir);
  return run && isAlive(run.pid) ? run : undefined;
}

async function parseRunFile(dataDir: string): Promise<RunInfo | undefined> {
  try {
    return runSchema.parse(JSON.parse(await readFile(runPath(dataDir), 'utf8')));
  } catch {
    // Absent or broken: both mean that nobody says he runs.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function runPath(dataDir: string): string {
  return path.join(dataDir, 'run.json');
}
