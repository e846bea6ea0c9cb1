import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Assistant, bringUp } from './assistant.ts';
import type { ChildSpec } from './child.ts';
import { freePort, usedBy } from './port.ts';
import { type CliSettings, readCliSettings } from '../settings.ts';

let folder: string;
let settings: CliSettings;
const running: Assistant[] = [];
const NEVER = new AbortController().signal;
const RUNTIME = fileURLToPath(import.meta.resolve('@hearth/runtime'));
const CONTRACTS = fileURLToPath(import.meta.resolve('@hearth/contracts'));
const LONG = { timeout: 20_000 };

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-assistant-'));
  settings = await readCliSettings({ HEARTH_DATA_DIR: folder });
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((assistant) => assistant.stop()));
  await rm(folder, { recursive: true, force: true });
});

/** A process that joins the bus and says how it is, as the service `name`. */
async function service(name: string, port: number, report: object): Promise<ChildSpec> {
  const entry = path.join(folder, `${name}.mts`);
  await writeFile(
    entry,
    `import { health } from ${JSON.stringify(CONTRACTS)};
     import { connectMqtt, createBus, createLog } from ${JSON.stringify(RUNTIME)};
     const log = await createLog({ name: 'test', level: 'silent', format: 'json' });
     const transport = connectMqtt({ url: 'mqtt://127.0.0.1:${port}', clientId: '${name}', log });
     const bus = createBus({ transport, source: '${name}', log });
     const report = { since: 1, version: '0', pid: process.pid, ...${JSON.stringify(report)} };
     await bus.publish(health, report, { instance: { service: '${name}', instance: 'main' } });
     process.on('SIGTERM', () => process.exit(0));
     process.on('disconnect', () => process.exit(0));`,
  );
  return { name, entry, args: [], execArgv: ['--conditions=development'], env: process.env };
}

async function dying(name: string, code: number): Promise<ChildSpec> {
  const entry = path.join(folder, `${name}.mjs`);
  await writeFile(entry, `console.error('the engine is broken'); process.exit(${code});`);
  return { name, entry, args: [], execArgv: [], env: process.env };
}

async function start(port: number, workers: readonly ChildSpec[]): Promise<Assistant> {
  const assistant = await bringUp({ settings, place: { port }, signal: NEVER, workers });
  running.push(assistant);
  return assistant;
}

const PATIENT = { timeoutMs: 20_000, giveUpAfterDeaths: 2, signal: NEVER };

describe('an assistant brought up here', () => {
  it('is ready when its broker answers and every service says so, degraded ones with their reason', async () => {
    const port = await freePort();
    const assistant = await start(port, [
      await service('router', port, { state: 'ready' }),
      await service('llm-worker', port, { state: 'degraded', reason: 'no model' }),
    ]);
    await assistant.ready({ ...PATIENT, settleMs: 100 });
    expect(assistant.rows().map(({ name, state, reason }) => [name, state, reason])).toEqual([
      ['broker', 'ready', undefined],
      ['router', 'ready', undefined],
      ['llm-worker', 'degraded', 'no model'],
    ]);
  });

  it('leaves the port free when it was stopped', async () => {
    const port = await freePort();
    const assistant = await start(port, [await service('router', port, { state: 'ready' })]);
    await assistant.ready(PATIENT);
    await assistant.stop();
    expect(await usedBy(port, settings)).toBe('free');
    expect(assistant.rows().map(({ state }) => state)).toEqual(['stopped', 'stopped']);
  });

  it('does not take the word of another process for that of its own', async () => {
    const port = await freePort();
    const assistant = await start(port, [
      await service('router', port, { state: 'ready', pid: 1 }),
    ]);
    await expect(assistant.ready({ ...PATIENT, timeoutMs: 3_000 })).rejects.toMatchObject({
      code: 'NOT_READY',
      message: 'Not ready after 3 s: router starting',
    });
  });

  it('gives up on a service that dies again and again, and says why it died', async () => {
    const port = await freePort();
    const assistant = await start(port, [await dying('router', 1)]);
    await expect(assistant.ready(PATIENT)).rejects.toMatchObject({
      code: 'WORKER_FAILED',
      message: 'router cannot start: ended with code 1: the engine is broken',
    });
  });

  it('gives up at once on a service whose settings are wrong', async () => {
    const port = await freePort();
    const assistant = await start(port, [await dying('router', 78)]);
    const giveUpAfterDeaths = Number.POSITIVE_INFINITY;
    await expect(assistant.ready({ ...PATIENT, giveUpAfterDeaths })).rejects.toMatchObject({
      code: 'WORKER_FAILED',
    });
  });

  it('starts its broker again on the same port when it dies, and is ready again', async () => {
    const port = await freePort();
    const assistant = await start(port, []);
    const first = assistant.rows()[0]?.pid ?? 0;
    process.kill(first, 'SIGKILL');
    await vi.waitFor(() => {
      const [row] = assistant.rows();
      expect(row).toMatchObject({ state: 'ready', restarts: 1 });
      expect(row?.pid).not.toBe(first);
    }, LONG);
  });
});
