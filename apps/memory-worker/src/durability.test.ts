/** `kill -9` in the middle of writing loses nothing that was acknowledged. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { RuntimeError, createBus, connectMqtt } from '@hearth/runtime';
import { storeMemory } from '@hearth/contracts';
import { startTestBroker } from '@hearth/runtime/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';

const ROUNDS = 5;
let folder: string;
let children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-memory-'));
});
afterEach(async () => {
  await Promise.all(children.map(kill));
  children = [];
  await rm(folder, { recursive: true });
});

it('keeps every acknowledged entry, in whole calls, when the engine is killed again and again', async () => {
  const path = join(folder, 'memory.sqlite');
  const acknowledged = new Map<number, string>();
  for (let round = 0; round < ROUNDS; round++) {
    const child = run('./engines/fixtures/store-forever.ts', [path, `${round}`]);
    let calls = 0;
    for await (const text of lines(child)) {
      const [call = '', ...ids] = text.split(' ');
      ids.forEach((id, part) =>
        acknowledged.set(Number(id), `round${round} call${call} part${part} `),
      );
      // Lines that are in the pipe when it dies were acknowledged, too: the loop goes on to the end of them.
      if (++calls === 40 + round * 7) child.kill('SIGKILL');
    }
    const kept = readEntries(path);
    for (const [id, start] of acknowledged) expect(kept.get(id)?.text.startsWith(start)).toBe(true);
    expectWholeCalls(kept);
    expectSound(path);
  }
  expect(acknowledged.size).toBeGreaterThan(ROUNDS * 80);
});

it('keeps every entry that the service acknowledged when the service is killed again and again', async () => {
  const broker = await startTestBroker();
  const path = join(folder, 'memory.sqlite');
  const acknowledged = new Map<number, string>();
  const bus = client(broker.url);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const child = serve(broker.url);
      const dead = new AbortController();
      child.once('exit', () => dead.abort());
      await storeUntilAnswered(bus, `round${round} hello`, acknowledged);
      let answers = 0;
      const storing = Array.from({ length: 60 }, async (_, i) => {
        const text = `round${round} utterance${i}`;
        const entries = [{ role: 'user' as const, text, ts: round * 1_000 + i }];
        try {
          const { data } = await bus.call(storeMemory, { entries }, { signal: dead.signal });
          acknowledged.set(data.ids[0] ?? 0, text);
          if (++answers === 20) child.kill('SIGKILL');
        } catch (error) {
          // Not acknowledged: it may be there or not.
          if (!(error instanceof RuntimeError)) throw error;
        }
      });
      await Promise.all([...storing, once(child, 'exit')]);
      const kept = readEntries(path);
      for (const [id, text] of acknowledged) expect(kept.get(id)?.text).toBe(text);
      expectSound(path);
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(ROUNDS * 20);
  } finally {
    await bus.close();
    await broker.stop();
  }
}, 90_000);

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function client(url: string) {
  const transport = connectMqtt({ url, clientId: 'client', log: silent });
  return createBus({ transport, source: 'client', log: silent });
}

async function storeUntilAnswered(
  bus: ReturnType<typeof client>,
  text: string,
  acknowledged: Map<number, string>,
): Promise<void> {
  const entries = [{ role: 'user' as const, text, ts: 1 }];
  const { data } = await bus.call(storeMemory, { entries }, { timeoutMs: 20_000, attempts: 100 });
  acknowledged.set(data.ids[0] ?? 0, text);
}

function serve(url: string): ChildProcess {
  return run('./main.ts', ['serve'], {
    MQTT_URL: url,
    HEARTH_DATA_DIR: folder,
    LOG_LEVEL: 'error',
  });
}

function run(file: string, args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, ['--conditions=development', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: folder,
    env: { ...process.env, ...env },
  });
  children.push(child);
  return child;
}

async function* lines(child: ChildProcess): AsyncGenerator<string> {
  if (!child.stdout) throw new Error('the child has no output');
  yield* createInterface({ input: child.stdout });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function readEntries(path: string) {
  const database = new DatabaseSync(path);
  const rows = database.prepare('SELECT id, text, turn_id FROM entries').all();
  database.close();
  return new Map(
    rows.map((row) => [Number(row['id']), { text: String(row['text']), turn: row['turn_id'] }]),
  );
}

/** A turn id ends with the number of entries of its call. */
function expectWholeCalls(kept: ReturnType<typeof readEntries>): void {
  const found = Map.groupBy(kept.values(), ({ turn }) => String(turn));
  for (const [turn, entries] of found) expect(`${entries.length}`).toBe(turn.split('-').at(-1));
}

function expectSound(path: string): void {
  const database = new DatabaseSync(path);
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  // Compares the index with the entries and throws when they differ.
  database.exec("INSERT INTO entries_fts (entries_fts, rank) VALUES ('integrity-check', 1)");
  database.close();
}
