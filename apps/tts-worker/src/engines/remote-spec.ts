/** What every engine on another machine must do, whatever its server does. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TtsEngine } from '../engine.ts';
import { speak } from '../speak.ts';
import { asTtsError } from '../wire-errors.ts';
import type { Mode, SpeechServer } from './speech-servers.ts';
import type { Speech } from './synthesizer.ts';

const SENTENCE = 'The lamp in the hall is on now.';

export interface RemoteSpec {
  readonly start: () => Promise<SpeechServer>;
  /** With a limit of 400 ms. */
  readonly open: (server: SpeechServer) => Promise<TtsEngine>;
}

export function remoteSpec(name: string, { start, open }: RemoteSpec): void {
  describe(`on another machine: ${name}`, () => {
    let server: SpeechServer;
    let engine: TtsEngine;
    beforeEach(async () => {
      server = await start();
      engine = await open(server);
    });
    afterEach(async () => {
      await engine.close();
      await server.stop();
    });

    const say = (signal?: AbortSignal) =>
      engine.call('synthesize', { text: SENTENCE }, { signal }).catch((error: unknown) => {
        throw asTtsError(error);
      });

    it('gives the first audio before the server has the rest', async () => {
      server.mode = 'hold';
      const stream = await engine.call('stream', { text: SENTENCE });
      const parts: Speech[] = [];
      for await (const part of stream) {
        parts.push(part);
        server.goOn();
      }
      const { rateHz } = parts[0] ?? { rateHz: 1 };
      expect(parts.length).toBeGreaterThan(1);
      const samples = parts.reduce((sum, part) => sum + part.samples.length, 0);
      expect(samples / rateHz).toBeCloseTo(SENTENCE.length * 0.06, 1);
    });

    it('asks again over the same connection', async () => {
      for (let i = 0; i < 4; i++) await say();
      expect(server.seen).toMatchObject({ requests: 4, connections: 1 });
    });

    it('finds a new connection when the server has ended the old one', async () => {
      await say();
      const { port } = server;
      await server.stop();
      await expect(say()).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
      expect(port).toBeGreaterThan(0);
    });

    const failures: [Mode, string][] = [
      ['silent', 'TIMEOUT'],
      ['fail', 'REMOTE_FAILED'],
      ['garbage', 'REMOTE_FAILED'],
    ];
    it.each(failures)(
      'fails in time when the server is %s, without the words',
      async (mode, code) => {
        server.mode = mode;
        const outcome = say();
        await expect(outcome).rejects.toMatchObject({ code });
        await expect(outcome).rejects.toMatchObject({
          message: expect.not.stringContaining('lamp'),
        });
        server.mode = 'speak';
        expect((await say()).samples.length).toBeGreaterThan(10_000);
      },
    );

    it('leaves a server alone that failed three times', async () => {
      server.mode = 'fail';
      for (let i = 0; i < 3; i++) await expect(say()).rejects.toThrow();
      const { requests } = server.seen;
      await expect(say()).rejects.toMatchObject({
        message: expect.stringContaining('not asked, because it failed several times'),
      });
      expect(server.seen.requests).toBe(requests);
    });

    it('says a sentence again that broke off', async () => {
      server.mode = 'cut';
      let seconds = 0;
      for await (const { samples, rateHz } of speak(engine, { text: SENTENCE }, neverAborts())) {
        seconds += samples.length / rateHz;
        server.mode = 'speak';
      }
      expect(seconds).toBeGreaterThan(SENTENCE.length * 0.06);
    });

    it('ends the request when nobody listens any more', async () => {
      server.mode = 'hold';
      const stop = new AbortController();
      const audio = speak(engine, { text: SENTENCE }, stop.signal);
      const listening = (async () => {
        for await (const _ of audio) stop.abort();
      })();
      await expect(listening).rejects.toThrow();
      await vi.waitFor(() => expect(server.seen.abandoned).toBe(1), 5_000);
    });

    it('ends the request of a caller who leaves before the first audio', async () => {
      server.mode = 'silent';
      const stop = new AbortController();
      const outcome = expect(say(stop.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
      await vi.waitFor(() => expect(server.seen.requests).toBe(1), 5_000);
      stop.abort();
      await outcome;
    });

    it('speaks in several rooms at once', async () => {
      server.mode = 'hold';
      const streams = await Promise.all(
        [1, 2, 3].map(() => engine.call('stream', { text: SENTENCE })),
      );
      for (const stream of streams) stream.cancel();
      expect(server.seen.requests).toBe(3);
    });

    it('does not load when its server is not there', async () => {
      await server.stop();
      await expect(open(server)).rejects.toMatchObject({
        message: expect.stringContaining('does not answer'),
      });
    });
  });
}

function neverAborts(): AbortSignal {
  return new AbortController().signal;
}
