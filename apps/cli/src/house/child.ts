/** One supervised process: started, restarted with back-off when it dies, stopped when told. */
import { type ChildProcess, fork } from 'node:child_process';
import { EXIT_CONFIG } from '@hearth/runtime';
import { type BackOff, waitMs } from './back-off.ts';
import { createLineTail } from './line-tail.ts';
import { isStackLine } from './log-line.ts';

export interface ChildSpec {
  readonly name: string;
  /** A JavaScript or, in development, TypeScript file. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly execArgv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type ChildState =
  | { readonly status: 'running'; readonly pid: number }
  | { readonly status: 'waiting'; readonly retryMs: number; readonly reason: string }
  /** Its settings are wrong: starting it again would change nothing. */
  | { readonly status: 'failed'; readonly reason: string }
  | { readonly status: 'stopping' }
  | { readonly status: 'stopped' };

export interface ChildOptions {
  readonly backOff: BackOff;
  /** How long it may take to end by itself before it is killed. */
  readonly stopMs: number;
  readonly onState: (state: ChildState) => void;
  readonly onLine: (line: string) => void;
}

export interface SupervisedChild {
  readonly name: string;
  readonly state: ChildState;
  readonly restarts: number;
  /** Its last lines of output, oldest first. */
  readonly lines: readonly string[];
  start(): void;
  /** Resolves when it is gone, which takes `stopMs` and a moment at most. */
  stop(): Promise<void>;
  /** For the very end of this process: no waiting, no mercy. */
  kill(): void;
}

const KEEP_LINES = 20;
/** Output may come after the exit; a grandchild may hold it open for ever. */
const FLUSH_MS = 500;

export function superviseChild(spec: ChildSpec, options: ChildOptions): SupervisedChild {
  const { backOff, stopMs } = options;
  const tail = createLineTail({ keep: KEEP_LINES, onLine: options.onLine });
  let state: ChildState = { status: 'stopped' };
  let current: ChildProcess | undefined;
  let gone: Promise<void> = Promise.resolve();
  let retry: NodeJS.Timeout | undefined;
  let wanted = false;
  let deaths = 0;
  let restarts = 0;

  function enter(next: ChildState): void {
    state = next;
    options.onState(next);
  }

  function launch(): void {
    tail.clear();
    const child = forkChild(spec);
    current = child;
    for (const stream of [child.stdout, child.stderr]) if (stream) tail.read(stream);
    gone = watchEnd(child, performance.now());
    if (child.pid !== undefined) enter({ status: 'running', pid: child.pid });
  }

  async function watchEnd(child: ChildProcess, startedMs: number): Promise<void> {
    const end = await ended(child);
    current = undefined;
    onEnd(end, performance.now() - startedMs);
  }

  function onEnd(end: ChildEnd, livedMs: number): void {
    if (!wanted) return enter({ status: 'stopped' });
    const reason = reasonOf(end, tail.lines);
    if (end.code === EXIT_CONFIG) return enter({ status: 'failed', reason });
    deaths = livedMs >= backOff.resetAfterMs ? 1 : deaths + 1;
    const retryMs = waitMs(deaths, backOff);
    retry = setTimeout(() => {
      restarts += 1;
      launch();
    }, retryMs);
    enter({ status: 'waiting', retryMs, reason });
  }

  return {
    name: spec.name,
    get state() {
      return state;
    },
    get restarts() {
      return restarts;
    },
    lines: tail.lines,
    start() {
      if (wanted) return;
      wanted = true;
      launch();
    },
    async stop() {
      wanted = false;
      clearTimeout(retry);
      if (!current) {
        if (state.status !== 'stopped') enter({ status: 'stopped' });
        return;
      }
      enter({ status: 'stopping' });
      current.kill('SIGTERM');
      const timer = setTimeout(() => killGroup(current), stopMs);
      try {
        await gone;
      } finally {
        clearTimeout(timer);
      }
    },
    kill() {
      wanted = false;
      clearTimeout(retry);
      killGroup(current);
    },
  };
}

/**
 * `detached` gives each child its own process group: Ctrl-C in a terminal reaches only the supervisor, which then
 * stops the children in order. The IPC channel is their life line: when it closes, the supervisor is dead and they end.
 */
function forkChild({ entry, args, execArgv, env }: ChildSpec): ChildProcess {
  return fork(entry, [...args], {
    detached: true,
    execArgv: [...execArgv],
    env: { ...env, HEARTH_SUPERVISED: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

function ended(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => {
      const end = { code, signal };
      const timer = setTimeout(() => resolve(end), FLUSH_MS);
      child.once('close', () => {
        clearTimeout(timer);
        resolve(end);
      });
    });
  });
}

function reasonOf({ code, signal, error }: ChildEnd, lines: readonly string[]): string {
  const how = error?.message ?? (signal ? `killed by ${signal}` : `ended with code ${code}`);
  const last = lines.findLast((line) => !isStackLine(line));
  return last ? `${how}: ${last.trim()}` : how;
}

function killGroup(child: ChildProcess | undefined): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
    child.kill('SIGKILL');
  }
}
