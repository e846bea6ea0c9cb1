import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { recall } from '@hearth/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bus } from './bus/bus.ts';
import { connectPeer, reportOf, startTestBroker, type TestBroker } from './testing.ts';
import { VERSION } from './version.ts';

const program = fileURLToPath(new URL('./fixtures/slow-service.ts', import.meta.url));
const question = { text: 'x', topK: 1 };

const running = new Set<ChildProcess>();
afterEach(async () => {
  for (const child of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  running.clear();
});

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ['--conditions=development', program, ...args], {
    env: { ...process.env, LOG_FORMAT: 'json', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  return child;
}

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = start(args, env);
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { code: child.exitCode, stdout, stderr };
}

describe('the command line of a service', () => {
  it('tells every wrong setting in plain lines and exits with 78', async () => {
    const { code, stderr } = await run(['serve'], { SLOW_MS: 'soon', MQTT_URL: 'nowhere' });
    expect(code).toBe(78);
    expect(stderr).toMatch(/^ {2}MQTT_URL: must look like mqtt:/m);
    expect(stderr).toMatch(/^ {2}SLOW_MS: /m);
    expect(stderr).not.toContain(' at ');
  });

  it('lists its settings with their defaults in --help', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/SLOW_MS +How slowly \[0\]/);
    expect(stdout).toMatch(/MQTT_URL +The broker \[mqtt:\/\/127.0.0.1:1883\]/);
    expect(stdout).toContain('shout');
  });

  it('prints one JSON object and nothing else with --json', async () => {
    expect(await run(['shout', 'hi', '--json'])).toMatchObject({
      code: 0,
      stdout: '{"word":"HI"}\n',
    });
    expect(await run(['shout', 'hi'])).toMatchObject({ code: 0, stdout: 'HI\n' });
  });

  it('tells a failure in one plain line with a non-zero exit code', async () => {
    expect(await run(['shout', 'hi', '--fail'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'That is too loud. Say it softer.\n',
    });
  });

  it('tells a failure as one JSON object with --json, too', async () => {
    const error = { code: 'TOO_LOUD', message: 'That is too loud. Say it softer.' };
    expect(await run(['shout', 'hi', '--fail', '--json'])).toEqual({
      code: 1,
      stdout: `${JSON.stringify({ error })}\n`,
      stderr: 'That is too loud. Say it softer.\n',
    });
  });

  it.each([
    [['whisper'], "unknown command 'whisper'"],
    [['shout'], "missing required argument 'word'"],
    [['--nope'], "unknown option '--nope'"],
  ])('refuses %o, says why and names --help', async (args, reason) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('--help');
    expect(JSON.parse((await run([...args, '--json'])).stdout)).toMatchObject({
      error: { code: 'USAGE' },
    });
  });
});

describe('a running service', () => {
  let broker: TestBroker;
  let peer: Bus;
  beforeEach(async () => {
    broker = await startTestBroker();
    peer = connectPeer(broker.url);
  });
  afterEach(async () => {
    await peer.close();
    await broker.stop();
  });

  it('reports that it is ready, with its version and how its event loop fares', async () => {
    start([], { MQTT_URL: broker.url });
    const report = await reportOf(peer, 'slow-service', ({ state }) => state === 'ready');
    expect(report).toMatchObject({
      version: VERSION,
      eventLoopDelay: { maxMs: expect.any(Number) },
    });
    const asked = await run(['status'], { MQTT_URL: broker.url });
    expect(asked).toMatchObject({ code: 0, stdout: 'ready\n' });
  });

  it('reports why it is degraded', async () => {
    start([], { MQTT_URL: broker.url, SLOW_TROUBLE: 'the model is missing' });
    const report = await reportOf(peer, 'slow-service', ({ state }) => state === 'degraded');
    expect(report.reason).toBe('the model is missing');
    const asked = await run(['status'], { MQTT_URL: broker.url });
    expect(asked).toMatchObject({ code: 1, stdout: 'degraded: the model is missing\n' });
  });

  it('answers what it has begun before SIGTERM ends it with exit code 0', async () => {
    const child = start([], { MQTT_URL: broker.url, SLOW_MS: '600' });
    await reportOf(peer, 'slow-service', ({ state }) => state === 'ready');
    const answer = peer.call(recall, question);
    await reportOf(peer, 'slow-service', ({ details }) => details?.['asked'] === true);
    child.kill('SIGTERM');
    expect((await answer).data).toEqual({ passages: [] });
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    await reportOf(peer, 'slow-service', ({ state }) => state === 'stopping');
  });

  it('leaves its last will when it is killed', async () => {
    const child = start([], { MQTT_URL: broker.url });
    await reportOf(peer, 'slow-service', ({ state }) => state === 'ready');
    child.kill('SIGKILL');
    const report = await reportOf(peer, 'slow-service', ({ state }) => state === 'offline');
    expect(report.reason).toBe('connection lost');
  });

  it('waits for a broker that is not there yet, and goes on after the broker was restarted', async () => {
    await broker.stop();
    const child = start([], { MQTT_URL: broker.url });
    broker = await startTestBroker({ port: broker.port });
    await reportOf(peer, 'slow-service', ({ state }) => state === 'ready');
    await broker.stop();
    broker = await startTestBroker({ port: broker.port });
    await reportOf(peer, 'slow-service', ({ state }) => state === 'ready');
    expect((await peer.call(recall, question)).data).toEqual({ passages: [] });
    expect(child.exitCode).toBeNull();
  });

  it('ends with exit code 0 while the broker is away', async () => {
    const child = start([], { MQTT_URL: broker.url });
    await reportOf(peer, 'slow-service', ({ state }) => state === 'ready');
    await broker.stop();
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    broker = await startTestBroker({ port: broker.port });
  });

  it('ends when the supervisor that started it is gone', async () => {
    const child = spawn(process.execPath, ['--conditions=development', program], {
      env: { ...process.env, MQTT_URL: broker.url, HEARTH_SUPERVISED: '1', LOG_FORMAT: 'json' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    running.add(child);
    await reportOf(peer, 'slow-service', ({ state }) => state === 'ready');
    child.disconnect();
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });
});

it('reports the version of the package', async () => {
  const { default: manifest } = await import('../package.json', { with: { type: 'json' } });
  expect(VERSION).toBe(manifest.version);
});
