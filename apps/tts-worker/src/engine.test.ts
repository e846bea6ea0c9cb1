/** Which engine is taken, and what happens when it cannot speak. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audioOut, createId, synthesize, ttsSay, ttsStatus } from '@hearth/contracts';
import { readSettings } from '@hearth/runtime';
import {
  collect,
  recordLog,
  reportOf,
  runTestService,
  startTestBroker,
} from '@hearth/runtime/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { settings } from './config.ts';
import { keepTtsEngine } from './engine.ts';
import { type SpeechServer, startHttpServer } from './engines/speech-servers.ts';
import { ttsWorker } from './service.ts';

describe('TTS_ENGINE=auto', () => {
  it('is flite where nothing else is there, and says why', async () => {
    const { name, details, lines } = await choose({});
    expect(name).toBe('flite');
    expect(details['engineChoice']).toBe(
      'flite: the best that can be used; better ones: elevenlabs (TTS_ELEVENLABS_KEY is not set); ' +
        'openai (TTS_OPENAI_URL is not set); wyoming (TTS_WYOMING_URL is not set); piper (not installed)',
    );
    expect(lines).toContain('engine chosen: the best that can be used');
  });

  it('is piper where it is installed and has the voice, and no earlier', async () => {
    const folder = await tempFolder();
    const env = { HEARTH_ENGINES_DIR: folder, TTS_PIPER_DIR: join(folder, 'voices') };
    await mkdir(join(folder, 'node_modules/@mintplex-labs/piper-tts-web'), { recursive: true });
    await writeFile(join(folder, 'node_modules/@mintplex-labs/piper-tts-web/package.json'), '{}');
    expect((await choose(env)).details['engineChoice']).toContain('piper (no voice in ');
    await mkdir(join(folder, 'voices'));
    await writeFile(join(folder, 'voices/anna.onnx'), 'x');
    expect((await choose(env)).name).toBe('piper');
    expect((await choose({ ...env, TTS_VOICE: 'anna' })).name).toBe('piper');
    expect((await choose({ ...env, TTS_VOICE: 'slt' })).name).toBe('flite');
  });

  it('is the server that is set', async () => {
    expect((await choose({ TTS_WYOMING_URL: 'tcp://127.0.0.1:1' })).name).toBe('wyoming');
    expect((await choose({ TTS_OPENAI_URL: 'http://127.0.0.1:1/v1' })).name).toBe('openai');
    expect(
      (await choose({ TTS_ELEVENLABS_KEY: 'k', TTS_OPENAI_URL: 'http://127.0.0.1:1' })).name,
    ).toBe('elevenlabs');
  });
});

describe('a server that fails', () => {
  it('is stood in for by flite, whatever voice was asked for; health says so until it speaks again', async () => {
    const { server, peer } = await house();
    const say = () => peer.call(synthesize, { text: 'Good evening.', voice: 'bob' });
    expect((await say()).data.rate).toBe(24_000);

    server.mode = 'fail';
    expect((await say()).data.rate).toBe(16_000);
    const { reason } = await reportOf(peer, 'tts-worker', ({ state }) => state === 'degraded');
    expect(reason).toBe('openai: answered with status 500; flite answers instead');

    server.mode = 'speak';
    expect((await say()).data.rate).toBe(24_000);
    await reportOf(peer, 'tts-worker', ({ state }) => state === 'ready');
  });

  it('is not blamed for what the caller did wrong', async () => {
    const { peer } = await house();
    await expect(peer.call(synthesize, { text: 'Hello.', voice: 'siri' })).rejects.toMatchObject({
      remoteCode: 'UNKNOWN_VOICE',
    });
    await reportOf(peer, 'tts-worker', ({ state }) => state === 'ready');
  });

  it.each(['fail', 'silent', 'garbage', 'cut'] as const)(
    'leaves no answer unspoken, and the turn in one rate (%s)',
    async (mode) => {
      const { server, peer } = await house();
      const frames = await collect(peer, audioOut);
      const statuses = await collect(peer, ttsStatus);
      const turn = { siteId: 'kitchen', turnId: createId() };
      await peer.publish(ttsSay, { text: 'The lamp is on.', seq: 0, last: false }, turn);
      await frames.until();
      server.mode = mode;
      await peer.publish(ttsSay, { text: 'It is late, good night.', seq: 1, last: true }, turn);
      await statuses.until(({ data }) => data.event === 'speaking-finished');
      expect(new Set(frames.messages.map(({ data }) => data.rate))).toEqual(new Set([24_000]));
      expect(frames.messages.filter(({ data }) => data.last)).toHaveLength(1);
      const seconds = frames.messages.reduce((sum, { body }) => sum + body.length, 0) / 48_000;
      expect(seconds).toBeGreaterThan(1.5);
    },
  );

  it('that is away from the start is stood in for as well', async () => {
    const { peer } = await house({ TTS_OPENAI_URL: 'http://127.0.0.1:1/v1' });
    expect((await peer.call(synthesize, { text: 'Hello.' })).data.rate).toBe(16_000);
    const { reason } = await reportOf(peer, 'tts-worker', ({ state }) => state === 'degraded');
    expect(reason).toContain('the server at TTS_OPENAI_URL does not answer');
  });
});

describe('a streaming engine', () => {
  it('is heard before it has finished', async () => {
    const { server, peer } = await house();
    server.mode = 'hold';
    const frames = await collect(peer, audioOut);
    const statuses = await collect(peer, ttsStatus);
    const turn = { siteId: 'kitchen', turnId: createId() };
    await peer.publish(ttsSay, { text: 'The lamp in the hall is on.', seq: 0, last: true }, turn);
    await frames.until();
    expect(statuses.messages.map(({ data }) => data.event)).toEqual(['speaking-started']);
    server.goOn();
    const { data } = await statuses.until(({ data }) => data.event === 'speaking-finished');
    expect(data).toMatchObject({ audioMs: 'The lamp in the hall is on.'.length * 60 });
  });
});

async function house(env: Readonly<Record<string, string>> = {}) {
  const server: SpeechServer = await startHttpServer();
  const broker = await startTestBroker();
  const service = await runTestService(ttsWorker, broker.url, {
    TTS_OPENAI_URL: `http://127.0.0.1:${server.port}/v1`,
    TTS_REMOTE_TIMEOUT_MS: '400',
    ...env,
  });
  onTestFinished(async () => {
    await service.stop();
    await broker.stop();
    await server.stop();
  });
  return { server, peer: service.peer };
}

async function choose(env: Readonly<Record<string, string>>) {
  const folder = await tempFolder();
  const all = await readSettings('tts-worker', settings, { HEARTH_DATA_DIR: folder, ...env });
  const details: Record<string, unknown> = {};
  const health = {
    degraded() {},
    ok() {},
    detail(key: string, value: unknown) {
      details[key] ??= value;
    },
  };
  const { log, lines } = recordLog();
  const stop = new AbortController();
  const engine = await keepTtsEngine(all, { health, log, signal: stop.signal });
  await engine.close();
  stop.abort();
  return { name: engine.name, details, lines: JSON.stringify(lines) };
}

async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-tts-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
