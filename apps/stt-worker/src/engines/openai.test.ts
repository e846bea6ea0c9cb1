import { type EngineSpec, openEngine, type RunningEngine, siblingModule } from '@hearth/runtime';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { says, startOpenAiServer } from '../fixtures/openai-server.ts';
import { babble, noise, silence } from '../fixtures/sounds.ts';
import type { Options } from './openai.ts';
import type { Transcriber } from './transcriber.ts';
import { transcriberSpec } from './transcriber-spec.ts';

const server = await startOpenAiServer();
afterAll(() => server.stop());

function specWith(options: Partial<Options> = {}): EngineSpec {
  const full: Options = {
    url: server.url,
    model: 'whisper-1',
    language: 'en',
    translate: false,
    prompt: '',
    timeoutMs: 5_000,
    ...options,
  };
  const module = siblingModule(import.meta.url, './openai');
  return { name: 'openai', module, options: full, methods: ['transcribe', 'listen', 'learn'] };
}

const short = { name: 'four syllables', samples: babble(4), text: /^Four\.$/ };
const long = { name: 'eight syllables', samples: babble(8), text: /^Eight\.$/ };

describe('with a server that answers', () => {
  beforeEach(() => {
    server.answer = (response, { samples }) => {
      const text = { [long.samples.length]: ' Eight. ', [short.samples.length]: 'Four.' }[samples];
      says(text ?? 'Thank you.')(response, { path: '', authorization: '', fields: {}, samples });
    };
  });
  transcriberSpec({ name: 'openai', spec: specWith(), spoken: [short, long] });
});

describe('openai', () => {
  let engine: RunningEngine<Transcriber>;
  beforeEach(() => {
    server.asked.length = 0;
  });
  afterEach(() => engine.close());

  const speech = babble(4);
  async function start(options?: Partial<Options>) {
    engine = await openEngine<Transcriber>(specWith(options));
    return () => engine.call('transcribe', { samples: speech });
  }
  const failsWith = (message: string | RegExp, code = 'REMOTE_FAILED') => ({
    code: 'ENGINE_FAILED',
    cause: { code, message: expect.stringMatching(message) },
  });

  it('asks with what is set, on one connection', async () => {
    server.answer = says('Hallo!');
    const transcribe = await start({ key: 'k', model: 'm', language: 'de', prompt: 'Zigbee' });
    const before = server.connections;
    expect(await transcribe()).toEqual({ text: 'Hallo!', confidence: 1 });
    await transcribe();
    await transcribe();
    expect(server.connections).toBe(before + 1);
    expect(server.asked[0]).toMatchObject({
      path: '/v1/audio/transcriptions',
      authorization: 'Bearer k',
      fields: { model: 'm', language: 'de', prompt: 'Zigbee', response_format: 'json' },
      samples: speech.length,
    });
  });

  it('translates, and lets the server find out the language', async () => {
    server.answer = says('Hello!');
    const transcribe = await start({ translate: true, language: 'auto' });
    await transcribe();
    expect(server.asked[0]?.path).toBe('/v1/audio/translations');
    expect(server.asked[0]?.fields).not.toHaveProperty('language');
  });

  it('asks nothing about silence, and drops what is invented', async () => {
    server.answer = says(' Thanks for watching!');
    const transcribe = await start();
    expect(await engine.call('transcribe', { samples: silence(3) })).toMatchObject({ text: '' });
    expect(await engine.call('transcribe', { samples: noise(2, -60) })).toMatchObject({ text: '' });
    expect(server.asked).toEqual([]);
    expect(await transcribe()).toEqual({ text: '', confidence: 0 });
  });

  it('tells the status when the key is wrong, and does not ask again', async () => {
    server.answer = (response) => response.writeHead(401).end('{"error":"secret"}');
    const transcribe = await start();
    await expect(transcribe()).rejects.toMatchObject(
      failsWith(/^openai: answered with status 401$/),
    );
    expect(server.asked.length).toBe(1);
  });

  it.each([
    ['garbage', (response: { end(text: string): void }) => response.end('<html>secret</html>')],
    ['an answer without text', (response: { end(text: string): void }) => response.end('{"a":1}')],
    ['endless garbage', (response: { end(text: string): void }) => response.end('x'.repeat(2e6))],
  ])('fails on %s, and repeats none of it', async (_, answer) => {
    server.answer = answer;
    const transcribe = await start();
    const failed = failsWith(/^openai: (the answer holds no text|failed)/);
    await expect(transcribe()).rejects.toMatchObject(failed);
  });

  it('tries once more when the connection is cut, in the middle of the answer too', async () => {
    let times = 0;
    server.answer = (response, asked) => {
      if (times++ > 0) return says('Again.')(response, asked);
      response.writeHead(200, { 'content-length': '50' });
      response.write('{"te', () => response.destroy());
    };
    const transcribe = await start();
    expect(await transcribe()).toMatchObject({ text: 'Again.' });
    expect(times).toBe(2);
  });

  it('gives up on a server that is silent at its deadline, and asks it no more', async () => {
    server.answer = () => {};
    const transcribe = await start({ timeoutMs: 300 });
    await expect(transcribe()).rejects.toMatchObject(failsWith('', 'TIMEOUT'));
    expect(server.asked.length).toBe(1);
  });

  it('leaves a dead server alone after some failures', async () => {
    const gone = await startOpenAiServer();
    await gone.stop();
    const transcribe = await start({ url: gone.url });
    await expect(transcribe()).rejects.toMatchObject(failsWith(/ECONNREFUSED/));
    await expect(transcribe()).rejects.toMatchObject(failsWith(/ECONNREFUSED/));
    await expect(transcribe()).rejects.toMatchObject(failsWith(/ECONNREFUSED/));
    await expect(transcribe()).rejects.toMatchObject(failsWith(/not asked/));
  });

  it('ends the request when nobody waits any more', async () => {
    const left = vi.fn();
    server.answer = (response) => void response.on('close', left);
    await start();
    const stop = new AbortController();
    const call = engine.call('transcribe', { samples: speech }, { signal: stop.signal });
    await vi.waitFor(() => expect(server.asked.length).toBe(1), 10_000);
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    await vi.waitFor(() => expect(left).toHaveBeenCalled(), 10_000);
  });
});
