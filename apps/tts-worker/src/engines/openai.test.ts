import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { asTtsError } from '../wire-errors.ts';
import { remoteSpec } from './remote-spec.ts';
import { type SpeechServer, startHttpServer } from './speech-servers.ts';
import { synthesizerSpec } from './synthesizer-spec.ts';
import { openTestEngine } from './testing.ts';

const open = ({ port }: Pick<SpeechServer, 'port'>, env: Readonly<Record<string, string>> = {}) =>
  openTestEngine('openai', {
    TTS_OPENAI_URL: `http://127.0.0.1:${port}/v1`,
    TTS_OPENAI_KEY: 'secret',
    TTS_REMOTE_TIMEOUT_MS: '400',
    ...env,
  });

async function start() {
  const server = await startHttpServer();
  onTestFinished(() => server.stop());
  return server;
}

let server: SpeechServer;
beforeAll(async () => {
  server = await startHttpServer();
});
afterAll(() => server.stop());

synthesizerSpec('openai', () => open(server, { TTS_REMOTE_TIMEOUT_MS: '5000' }));

remoteSpec('openai', { start: startHttpServer, open });

describe('openai', () => {
  it('asks as the API wants it', async () => {
    const server = await start();
    const engine = await open(server, { TTS_OPENAI_MODEL: 'kokoro', TTS_VOICE: 'zoe' });
    await engine.call('synthesize', { text: 'Hello.', speed: 1.5 });
    expect(server.seen.last).toMatchObject({
      path: '/v1/audio/speech',
      headers: { authorization: 'Bearer secret' },
      body: { model: 'kokoro', input: 'Hello.', voice: 'zoe', speed: 1.5, response_format: 'pcm' },
    });
    await engine.close();
  });

  it('reads a WAV that is still being written, at the rate that it says', async () => {
    const server = await start();
    server.format = 'wav';
    const engine = await open(server, { TTS_OPENAI_FORMAT: 'wav' });
    const speech = await engine.call('synthesize', { text: 'Hello.' });
    expect(speech.rateHz).toBe(22_050);
    expect(speech.samples.findIndex((sample) => Math.abs(sample) > 500)).toBeLessThan(100);
    expect((await engine.call('voices', undefined))[0]?.rateHz).toBe(22_050);
    await engine.close();
  });

  it('does not play compressed audio as noise', async () => {
    const server = await start();
    server.format = 'mp3';
    const engine = await open(server);
    const outcome = engine.call('synthesize', { text: 'Hello.' });
    await expect(
      outcome.catch((error: unknown) => Promise.reject(asTtsError(error))),
    ).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: 'the server sends compressed audio, not PCM or WAV',
    });
    await engine.close();
  });

  it('does not load with a key that is refused, nor without an address', async () => {
    const server = await start();
    server.mode = 'locked';
    await expect(open(server)).rejects.toMatchObject({
      message: 'openai: cannot load: the server refuses the key (status 401): see TTS_OPENAI_KEY',
    });
    await expect(openTestEngine('openai')).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: 'TTS_OPENAI_URL is not set',
    });
  });
});
