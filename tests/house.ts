/** A whole house for tests: a real broker and every worker as a process of its own, each of which can be killed. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bus } from '@hearth/runtime';
import { connectPeer, mosquittoPath, reportOf, startTestBroker } from '@hearth/runtime/testing';

const root = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = '--conditions=development';
/** A turn of a machine under load. */
const COMMAND_MS = 60_000;

export const WORKERS = [
  'stt-worker',
  'tts-worker',
  'memory-worker',
  'tool-worker',
  'llm-worker',
  'router',
] as const;
type Worker = (typeof WORKERS)[number];

export interface House {
  readonly url: string;
  /** Temporary; also where answers go. */
  readonly folder: string;
  readonly bus: Bus;
  /** Starts a worker and waits until it is ready. */
  start(worker: Worker, env?: Readonly<Record<string, string>>): Promise<void>;
  /** SIGKILL, and waits until its last will is known. */
  kill(worker: Worker): Promise<void>;
  /** Runs a program of the project, e.g. `cli` with `ask`, on this house. */
  run(
    app: string,
    ...args: readonly string[]
  ): Promise<{ code: number; json: Record<string, unknown> }>;
  stop(): Promise<void>;
}

export async function openHouse(): Promise<House> {
  const broker = await startTestBroker({ kind: mosquittoPath() ? 'mosquitto' : 'aedes' });
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-house-'));
  const bus = connectPeer(broker.url);
  const children = new Map<Worker, ChildProcess>();
  const env = {
    ...process.env,
    MQTT_URL: broker.url,
    HEARTH_DATA_DIR: folder,
    LOG_LEVEL: 'error',
    LOG_FORMAT: 'json',
  };

  async function end(worker: Worker, signal: NodeJS.Signals): Promise<void> {
    const child = children.get(worker);
    children.delete(worker);
    if (!child || child.exitCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }

  return {
    url: broker.url,
    folder,
    bus,
    async start(worker, more = {}) {
      const main = path.join(root, 'apps', worker, 'src/main.ts');
      const child = spawn(process.execPath, [SOURCE, main, 'serve'], {
        env: { ...env, ...more },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      children.set(worker, child);
      await reportOf(bus, worker, ({ state, pid }) => state === 'ready' && pid === child.pid);
    },
    async kill(worker) {
      await end(worker, 'SIGKILL');
      await reportOf(bus, worker, ({ state }) => state === 'offline');
    },
    run(app, ...args) {
      const main = path.join(root, 'apps', app, 'src/main.ts');
      const options = { env, cwd: folder, timeout: COMMAND_MS, killSignal: 'SIGKILL' } as const;
      return new Promise((resolve, reject) => {
        execFile(process.execPath, [SOURCE, main, ...args, '--json'], options, (error, stdout) => {
          if (error?.killed) reject(error);
          else resolve({ code: Number(error?.code ?? 0), json: asRecord(stdout) });
        });
      });
    },
    async stop() {
      await bus.close();
      await Promise.all(WORKERS.map((worker) => end(worker, 'SIGKILL')));
      await broker.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function asRecord(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text || '{}');
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
