import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { remoteSpec } from './remote-spec.ts';
import { type SpeechServer, startWyomingServer } from './speech-servers.ts';
import { synthesizerSpec } from './synthesizer-spec.ts';
import { openTestEngine } from './testing.ts';

const open = ({ port }: Pick<SpeechServer, 'port'>, env: Readonly<Record<string, string>> = {}) =>
  openTestEngine('wyoming', {
    TTS_WYOMING_URL: `tcp://127.0.0.1:${port}`,
    TTS_REMOTE_TIMEOUT_MS: '400',
    ...env,
  });

async function start() {
  const server = await startWyomingServer();
  onTestFinished(() => server.stop());
  return server;
}

let server: SpeechServer;
beforeAll(async () => {
  server = await startWyomingServer();
});
afterAll(() => server.stop());

// The protocol has no speed.
synthesizerSpec('wyoming', () => open(server, { TTS_REMOTE_TIMEOUT_MS: '5000' }), {
  speeds: [1, 1],
});

remoteSpec('wyoming', { start: startWyomingServer, open });

describe('wyoming', () => {
  it('asks for a voice by its name, and lists those that are installed', async () => {
    const server = await start();
    const engine = await open(server, { TTS_VOICE: 'bob' });
    await engine.call('synthesize', { text: 'Hello.' });
    expect(server.seen.last).toEqual({ text: 'Hello.', voice: { name: 'bob' } });
    expect(await engine.call('voices', undefined)).toEqual([
      { name: 'bob', language: 'en', rateHz: 22_050 },
      { name: 'alice', language: 'en', rateHz: 22_050 },
    ]);
    await engine.close();
  });

  it('does not load for a voice that the server does not have, nor without an address', async () => {
    const server = await start();
    await expect(open(server, { TTS_VOICE: 'away' })).rejects.toMatchObject({
      message: 'wyoming: cannot load: wyoming has no voice "away"; it has alice, bob',
    });
    await expect(openTestEngine('wyoming')).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: 'TTS_WYOMING_URL is not set',
    });
  });
});
