/** The processes that a bench starts. Whatever happens, none outlives the run. */
import { type ChildProcess, fork, type ForkOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** SIGTERM; after 15 s SIGKILL. */
  readonly stop: () => Promise<void>;
}

/** Services drain for up to 10 s and close for up to 2 s. */
const STOP_MS = 15_000;
/** Of what a process writes to stderr, the end is kept, to say why it died. */
const STDERR_CHARS = 2_000;

const running = new Set<ChildProcess>();

/** Of the environment of whoever runs the bench, what programs need to run at all. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'TZ'];

export interface AppOptions {
  /** Settings; those of whoever runs the bench are left out. */
  readonly env: Readonly<Record<string, string>>;
  /** An empty folder: for its data, and to run in, where no hearth.yaml is. */
  readonly folder: string;
}

/** A program of the repository, e.g. `apps/router`. @throws Error when it is not built */
export async function startApp(
  app: string,
  args: readonly string[],
  { env, folder }: AppOptions,
): Promise<Child> {
  const entry = fileURLToPath(new URL(`../../${app}/dist/main.js`, import.meta.url));
  await access(entry).catch(() => {
    throw new Error(`${entry} is missing: run npm run build`);
  });
  const passed = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  // A service also ends when the bench is gone: the channel between them closes then.
  const fixed = { HEARTH_DATA_DIR: folder, HEARTH_SUPERVISED: '1', LOG_LEVEL: 'warn' };
  const own: Record<string, string> = Object.fromEntries(passed);
  return startFork(entry, args, { cwd: folder, env: { ...own, ...fixed, ...env } });
}

/** A module with an IPC channel; it is to end when the channel closes. */
export function startFork(
  entry: string | URL,
  args: readonly string[],
  options: ForkOptions = {},
): Child {
  return keep(fork(entry, [...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], ...options }));
}

/** `node -e SCRIPT`: the least that a Node process can be. */
export function startBare(script: string): Child {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  return keep(spawn(process.execPath, ['-e', script], { stdio }));
}

function keep(child: ChildProcess): Child {
  running.add(child);
  child.once('exit', () => running.delete(child));
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_CHARS);
  });
  // Unread, a full pipe would stop the child.
  child.stdout?.setEncoding('utf8').on('data', () => {});
  let stopping = false;
  child.once('exit', (code, signal) => {
    if (stopping || code === 0) return;
    process.stderr.write(`${child.spawnargs.join(' ')} ended (${signal ?? code})\n${stderr}\n`);
  });
  if (child.pid === undefined) throw new Error(`cannot start ${child.spawnfile}`);
  return {
    process: child,
    pid: child.pid,
    async stop() {
      stopping = true;
      await end(child, 'SIGTERM');
    },
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  try {
    await gone;
  } finally {
    clearTimeout(timer);
  }
}

/** For the end of the run, early or not. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map((child) => end(child, 'SIGTERM')));
}
