import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { remoteSpec } from './remote-spec.ts';
import { type SpeechServer, startHttpServer } from './speech-servers.ts';
import { synthesizerSpec } from './synthesizer-spec.ts';
import { openTestEngine } from './testing.ts';

const open = ({ port }: Pick<SpeechServer, 'port'>, env: Readonly<Record<string, string>> = {}) =>
  openTestEngine('elevenlabs', {
    TTS_ELEVENLABS_URL: `http://127.0.0.1:${port}`,
    TTS_ELEVENLABS_KEY: 'secret',
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

// Its own limits of speed.
synthesizerSpec('elevenlabs', () => open(server, { TTS_REMOTE_TIMEOUT_MS: '5000' }), {
  speeds: [0.7, 1.2],
});

remoteSpec('elevenlabs', { start: startHttpServer, open });

describe('elevenlabs', () => {
  it.each(['bob', 'id-bob'])(
    'asks as the API wants it, for a voice by name or id (%s)',
    async (voice) => {
      const server = await start();
      const engine = await open(server, { TTS_VOICE: voice });
      await engine.call('synthesize', { text: 'Hello.', speed: 2 });
      expect(server.seen.last).toMatchObject({
        path: '/v1/text-to-speech/id-bob/stream?output_format=pcm_24000',
        headers: { 'xi-api-key': 'secret' },
        body: { text: 'Hello.', model_id: 'eleven_flash_v2_5', voice_settings: { speed: 1.2 } },
      });
      const [first] = await engine.call('voices', undefined);
      expect(first?.name).toBe('bob');
      await engine.close();
    },
  );

  it('does not load with a key that is refused, without a key, or for a voice that is not there', async () => {
    const server = await start();
    await expect(open(server, { TTS_VOICE: 'siri' })).rejects.toMatchObject({
      message: 'elevenlabs: cannot load: elevenlabs has no voice "siri" in this account',
    });
    server.mode = 'locked';
    await expect(open(server)).rejects.toMatchObject({
      message: expect.stringContaining('status 401: see TTS_ELEVENLABS_KEY'),
    });
    await expect(openTestEngine('elevenlabs')).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: 'TTS_ELEVENLABS_KEY is not set',
    });
  });
});
