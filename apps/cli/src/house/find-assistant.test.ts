import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEnvelope, type Health, health } from '@hearth/contracts';
import { connectMqtt } from '@hearth/runtime';
import { recordLog, startTestBroker, type TestBroker } from '@hearth/runtime/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { choosePlace, type PlaceOptions } from './choose-place.ts';
import { connect } from './connect.ts';
import { findRunning } from './find-assistant.ts';
import { freePort } from './port.ts';
import { readRunFile, removeRunFile, writeRunFile } from './run-file.ts';
import { type CliSettings, readCliSettings } from '../settings.ts';

let folder: string;
const cleanup: (() => unknown)[] = [];
const NEVER = new AbortController().signal;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-find-'));
});

afterEach(async () => {
  for (const step of cleanup.splice(0).toReversed()) await step();
  await rm(folder, { recursive: true, force: true });
});

async function settingsOf(env: Record<string, string> = {}): Promise<CliSettings> {
  const port = String(await freePort());
  return readCliSettings({ HEARTH_DATA_DIR: folder, HEARTH_PORT: port, ...env });
}

async function startBroker(): Promise<TestBroker> {
  const broker = await startTestBroker();
  cleanup.push(() => broker.stop());
  return broker;
}

/** A broker on which a router says how it is. */
async function startHouse(state: Health['state'] = 'ready'): Promise<TestBroker> {
  const broker = await startBroker();
  const bus = await connect({ url: broker.url, settings: await settingsOf() });
  const report = { state, since: 1, version: '0.1.0' };
  await bus.publish(health, report, { instance: { service: 'router', instance: 'main' } });
  cleanup.push(() => bus.close());
  return broker;
}

async function find(settings: CliSettings) {
  const found = await findRunning({
    settings,
    service: 'router',
    signal: NEVER,
    tell: () => undefined,
  });
  if (found) cleanup.push(() => found.close());
  return found?.url;
}

/** A process that lives until the end of the test. */
function otherProcess(): number {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  cleanup.push(() => other.kill('SIGKILL'));
  return other.pid ?? 0;
}

async function writeRun(url: string, pid: number): Promise<void> {
  await writeFile(path.join(folder, 'run.json'), JSON.stringify({ url, pid, startedMs: 1 }));
}

describe('the assistant to talk to', () => {
  it('is the one on MQTT_URL', async () => {
    const { url } = await startHouse();
    expect(await find(await settingsOf({ MQTT_URL: url }))).toBe(url);
  });

  it('is none where the broker of MQTT_URL has no router that works', async () => {
    const { url } = await startHouse('offline');
    expect(await find(await settingsOf({ MQTT_URL: url }))).toBeUndefined();
  });

  it('is none where the broker only remembers that a router was ready', {
    timeout: 30_000,
  }, async () => {
    const { url } = await startBroker();
    const bus = connectMqtt({ url, clientId: 'before-the-power-cut', log: recordLog().log });
    cleanup.push(() => bus.close(500));
    const data = { state: 'ready', since: 1, version: '0.1.0' };
    const report = createEnvelope(
      { type: health.name, source: 'router', data },
      Date.now() - 60_000,
    );
    await bus.publish(
      {
        topic: 'hearth/health/router/main',
        payload: Buffer.from(JSON.stringify(report)),
        qos: 1,
        retain: true,
      },
      { timeoutMs: 5_000 },
    );
    expect(await find(await settingsOf({ MQTT_URL: url }))).toBeUndefined();
  });

  it('is waited for on MQTT_URL, too, when it was started from here and its router is away', async () => {
    const { url } = await startHouse('offline');
    await writeRun(url, process.pid);
    const settings = await settingsOf({ MQTT_URL: url });
    const bus = await connect({ url, settings });
    cleanup.push(() => bus.close());
    const tell = () => {
      const report = { state: 'ready', since: 1, version: '0.1.0' } as const;
      void bus.publish(health, report, { instance: { service: 'router', instance: 'main' } });
    };
    const found = await findRunning({ settings, service: 'router', signal: NEVER, tell });
    cleanup.push(() => found?.close());
    expect(found?.url).toBe(url);
  });

  it('is the one that was written into the data folder', async () => {
    const { url } = await startHouse();
    await writeRun(url, process.pid);
    expect(await find(await settingsOf())).toBe(url);
  });

  it('is waited for while it is coming up', async () => {
    const { url } = await startBroker();
    await writeRun(url, process.pid);
    const bus = await connect({ url, settings: await settingsOf() });
    cleanup.push(() => bus.close());
    const told: string[] = [];
    const tell = (line: string) => {
      told.push(line);
      const report = { state: 'ready', since: 1, version: '0.1.0' } as const;
      void bus.publish(health, report, { instance: { service: 'router', instance: 'main' } });
    };
    const settings = await settingsOf();
    const found = await findRunning({ settings, service: 'router', signal: NEVER, tell });
    cleanup.push(() => found?.close());
    expect(found?.url).toBe(url);
    expect(told).toEqual(['Waiting for router …']);
  });

  it('is none when the process that was written down is gone', async () => {
    const { url } = await startHouse();
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    await writeRun(url, gone.pid ?? 0);
    expect(await find(await settingsOf())).toBeUndefined();
  });

  it('is the one on the usual port', async () => {
    const { url, port } = await startHouse();
    expect(await find(await settingsOf({ HEARTH_PORT: String(port) }))).toBe(url);
  });

  it('is none where another broker has the usual port', async () => {
    const { port } = await startBroker();
    expect(await find(await settingsOf({ HEARTH_PORT: String(port) }))).toBeUndefined();
  });

  it('is not silently another one when the broker of MQTT_URL is unreachable', async () => {
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    await expect(find(await settingsOf({ MQTT_URL: url }))).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      message: expect.stringContaining(url),
    });
  });
});

describe('the run file', () => {
  it('is read while its process lives, and removed by that process only', async () => {
    await writeRunFile(folder, 'mqtt://127.0.0.1:1');
    expect(await readRunFile(folder)).toMatchObject({
      url: 'mqtt://127.0.0.1:1',
      pid: process.pid,
    });
    await removeRunFile(folder);
    expect(await readRunFile(folder)).toBeUndefined();

    await writeRun('mqtt://127.0.0.1:1', otherProcess());
    await removeRunFile(folder);
    expect(await readRunFile(folder)).toBeDefined();
  });

  it('is as good as none when it is broken', async () => {
    await writeFile(path.join(folder, 'run.json'), '{"url":');
    expect(await readRunFile(folder)).toBeUndefined();
  });
});

describe('the broker of a new assistant', () => {
  async function choose(options: Partial<PlaceOptions> = {}) {
    const told: string[] = [];
    const place = await choosePlace({
      settings: { ...(await settingsOf()), port: undefined },
      port: undefined,
      anyPortWillDo: false,
      usualPort: await freePort(),
      signal: NEVER,
      tell: (line) => told.push(line),
      ...options,
    });
    return { place, told };
  }

  it('takes the usual port when it is free', async () => {
    const usualPort = await freePort();
    expect(await choose({ usualPort })).toEqual({ place: { port: usualPort }, told: [] });
  });

  it('takes a free port and says so when the usual one is taken and nobody asked for it', async () => {
    const { port } = await startBroker();
    const { place, told } = await choose({ usualPort: port, anyPortWillDo: true });
    expect(place).not.toEqual({ port });
    expect(told.join()).toContain(`Port ${port} is taken by another MQTT broker`);
  });

  it('refuses a port that was asked for and is taken by another broker, and says what to do', async () => {
    const { port, url } = await startBroker();
    await expect(choose({ port, anyPortWillDo: true })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining(`MQTT_URL=${url} npx hearth up`),
    });
  });

  it('refuses a port where another Hearth is', async () => {
    const { port } = await startHouse();
    await expect(choose({ usualPort: port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining('another Hearth'),
    });
  });

  it('refuses a port where a program is that speaks no MQTT', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    cleanup.push(() => server.close());
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(choose({ port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining('another program'),
    });
  });

  it('is the one of MQTT_URL, unless a Hearth is there already', async () => {
    const { url } = await startBroker();
    const settings = await settingsOf({ MQTT_URL: url });
    expect((await choose({ settings })).place).toEqual({ url });

    const house = await startHouse();
    const twin = await settingsOf({ MQTT_URL: house.url });
    await expect(choose({ settings: twin })).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
  });

  it('is refused while another assistant runs on the same data folder', async () => {
    const { url } = await startHouse();
    const pid = otherProcess();
    await writeRun(url, pid);
    await expect(choose()).rejects.toMatchObject({
      code: 'ALREADY_RUNNING',
      message: expect.stringContaining(`kill ${pid}`),
    });
  });
});
