/** Real brokers for tests: aedes in this process, or mosquitto in its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Aedes } from 'aedes';

const MOSQUITTO = '/usr/sbin/mosquitto';
const START_LIMIT_MS = 10_000;

export interface TestBroker {
  readonly url: string;
  readonly port: number;
  /** mosquitto only. */
  readonly pid: number | undefined;
  /** aedes only, to set its access rules. */
  readonly aedes: Aedes | undefined;
  /** Ends every connection without a goodbye. */
  stop(): Promise<void>;
}

export interface TestBrokerOptions {
  readonly kind?: 'aedes' | 'mosquitto';
  /** That of an earlier broker, to be its successor; any free one by default. */
  readonly port?: number;
  /** More lines for mosquitto.conf; with a line `allow_anonymous` it replaces the one that is there. `DIR` is its folder. */
  readonly config?: string;
  /** More files beside mosquitto.conf. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Where mosquitto is; undefined when it is not installed. */
export function mosquittoPath(): string | undefined {
  // oxlint-disable-next-line node/no-sync -- tests decide by it, at import, whether they are skipped
  return existsSync(MOSQUITTO) ? MOSQUITTO : undefined;
}

export async function startTestBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  return options.kind === 'mosquitto' ? startMosquitto(options) : startAedes(options);
}

async function startAedes({ port = 0 }: TestBrokerOptions): Promise<TestBroker> {
  const aedes = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  const taken = await listen(server, port);
  return {
    url: `mqtt://127.0.0.1:${taken}`,
    port: taken,
    pid: undefined,
    aedes,
    async stop() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const socket of sockets) socket.destroy();
      await closed;
      await new Promise<void>((resolve) => {
        aedes.close(() => resolve());
      });
    },
  };
}

async function startMosquitto(options: TestBrokerOptions): Promise<TestBroker> {
  const path = mosquittoPath();
  if (!path) throw new Error('mosquitto is not installed');
  const port = options.port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'hearth-mosquitto-'));
  const { config = '', files = {} } = options;
  const anonymous = /^allow_anonymous/m.test(config) ? '' : 'allow_anonymous true\n';
  const lines = `listener ${port} 127.0.0.1\n${anonymous}set_tcp_nodelay true\nuser root\n${config}\n`;
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await writeFile(join(folder, 'mosquitto.conf'), lines.replaceAll('DIR', folder));
  const broker = spawn(path, ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
  try {
    await answering(port, broker);
  } catch (error) {
    await end(broker, folder);
    throw error;
  }
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    pid: broker.pid,
    aedes: undefined,
    stop: () => end(broker, folder),
  };
}

async function end(broker: ChildProcess, folder: string): Promise<void> {
  if (broker.exitCode === null && broker.signalCode === null) {
    const gone = once(broker, 'exit');
    // KILL, not TERM: it ends a frozen one too.
    broker.kill('SIGKILL');
    await gone;
  }
  await rm(folder, { recursive: true, force: true });
}

async function answering(port: number, broker: ChildProcess): Promise<void> {
  const until = performance.now() + START_LIMIT_MS;
  while (performance.now() < until) {
    if (broker.exitCode !== null) throw new Error(`mosquitto ended with code ${broker.exitCode}`);
    if (await accepts(port)) return;
    await pause(20);
  }
  throw new Error(`mosquitto did not listen within ${START_LIMIT_MS} ms`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  return port;
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}
