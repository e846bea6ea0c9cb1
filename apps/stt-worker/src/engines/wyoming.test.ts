import { encodeWyoming } from '@hearth/core';
import { type EngineSpec, openEngine, type RunningEngine, siblingModule } from '@hearth/runtime';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { babble, silence } from '../fixtures/sounds.ts';
import { type Reply, startWyomingServer, writes } from '../fixtures/wyoming-server.ts';
import type { Transcriber } from './transcriber.ts';
import { transcriberSpec } from './transcriber-spec.ts';
import type { Options } from './wyoming.ts';

const server = await startWyomingServer();
afterAll(() => server.stop());

function specWith(options: Partial<Options> = {}): EngineSpec {
  const full: Options = { url: server.url, language: 'en', timeoutMs: 5_000, ...options };
  const module = siblingModule(import.meta.url, './wyoming');
  return { name: 'wyoming', module, options: full, methods: ['transcribe', 'listen', 'learn'] };
}

const short = { name: 'four syllables', samples: babble(4), text: /^Four\.$/ };
const long = { name: 'eight syllables', samples: babble(8), text: /^Eight\.$/ };

describe('with a server that answers', () => {
  beforeEach(() => {
    server.reply = (socket, heard) => {
      const texts = {
        [long.samples.byteLength]: ' Eight. ',
        [short.samples.byteLength]: 'Four.',
      };
      writes(texts[heard.bytes] ?? 'Thank you.')(socket, heard);
    };
  });
  transcriberSpec({ name: 'wyoming', spec: specWith(), spoken: [short, long] });
});

describe('wyoming', () => {
  let engine: RunningEngine<Transcriber>;
  beforeEach(() => {
    server.heard.length = 0;
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

  it('sends the utterance as Wyoming wants it, on one connection', async () => {
    server.reply = writes('Hallo!');
    const transcribe = await start({ language: 'de' });
    const before = server.connections;
    expect(await transcribe()).toEqual({ text: 'Hallo!', confidence: 1 });
    await transcribe();
    await transcribe();
    expect(server.connections).toBe(before + 1);
    expect(server.heard[0]).toEqual({
      language: 'de',
      format: { rate: 16_000, width: 2, channels: 1 },
      bytes: speech.byteLength,
    });
  });

  it('connects anew when the server closes after each transcript, as many do', async () => {
    const written = encodeWyoming({ type: 'transcript', data: { text: 'Hi.' } });
    server.reply = (socket) => socket.end(written);
    const transcribe = await start();
    for (const _ of [1, 2, 3, 4, 5]) expect(await transcribe()).toMatchObject({ text: 'Hi.' });
  });

  it('waits for the whole transcript when the server streams it', async () => {
    server.reply = (socket, heard) => {
      socket.write(encodeWyoming({ type: 'transcript-start' }));
      socket.write(encodeWyoming({ type: 'transcript-chunk', data: { text: 'Turn' } }));
      writes('Turn on.')(socket, heard);
      socket.write(encodeWyoming({ type: 'transcript-stop' }));
    };
    const transcribe = await start();
    expect(await transcribe()).toMatchObject({ text: 'Turn on.' });
    expect(await transcribe()).toMatchObject({ text: 'Turn on.' });
  });

  it('asks nothing about silence', async () => {
    await start();
    expect(await engine.call('transcribe', { samples: silence(3) })).toMatchObject({ text: '' });
    expect(server.heard).toEqual([]);
  });

  const failing: [string, Reply, RegExp][] = [
    ['is cut off', (socket) => socket.destroy(), /closed the connection|ECONNRESET/],
    ['is garbage', (socket) => socket.write('secret words\n'), /not Wyoming/],
    ['is endless', (socket) => socket.write('x'.repeat(200_000)), /not Wyoming/],
    [
      'is an error',
      (socket) => socket.write(encodeWyoming({ type: 'error', data: { text: 'secret' } })),
      /answered with an error/,
    ],
    [
      'has no text',
      (socket) => socket.end(encodeWyoming({ type: 'transcript' })),
      /closed the connection/,
    ],
  ];
  it.each(failing)(
    'fails when the answer %s, once more too, and repeats none of it',
    async (_, reply, message) => {
      server.reply = reply;
      const transcribe = await start();
      await expect(transcribe()).rejects.toMatchObject(failsWith(message));
      expect(server.heard.length).toBe(2);
    },
  );

  it('tries once more when the server has closed meanwhile', async () => {
    let times = 0;
    server.reply = (socket, heard) =>
      times++ === 0 ? socket.resetAndDestroy() : writes('Again.')(socket, heard);
    const transcribe = await start();
    expect(await transcribe()).toMatchObject({ text: 'Again.' });
  });

  it('gives up on a server that is silent at its deadline, and asks it no more', async () => {
    server.reply = () => {};
    const transcribe = await start({ timeoutMs: 300 });
    await expect(transcribe()).rejects.toMatchObject(failsWith('', 'TIMEOUT'));
    expect(server.heard.length).toBe(1);
    server.reply = writes('Back.');
    expect(await transcribe()).toMatchObject({ text: 'Back.' });
  });

  it('leaves a dead server alone after some failures', async () => {
    const gone = await startWyomingServer();
    await gone.stop();
    const transcribe = await start({ url: gone.url });
    for (const _ of [1, 2, 3]) {
      await expect(transcribe()).rejects.toMatchObject(failsWith(/ECONNREFUSED/));
    }
    await expect(transcribe()).rejects.toMatchObject(failsWith(/not asked/));
  });

  it('does not take the late answer to an abandoned question for that to the next', async () => {
    const late: (() => void)[] = [];
    server.reply = (socket, heard) => late.push(() => writes('Late.')(socket, heard));
    const transcribe = await start();
    const stop = new AbortController();
    const call = engine.call('transcribe', { samples: speech }, { signal: stop.signal });
    await vi.waitFor(() => expect(late.length).toBe(1), 10_000);
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    server.reply = (socket, heard) => {
      for (const answer of late) answer();
      writes('Right.')(socket, heard);
    };
    expect(await transcribe()).toMatchObject({ text: 'Right.' });
  });
});
