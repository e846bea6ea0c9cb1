/** What every speech synthesis engine must do. The test of a new engine is one call of this. */
import { ALLOWED_GAP_MS, loopGap } from '@hearth/runtime/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TtsEngine } from '../engine.ts';
import { asTtsError } from '../wire-errors.ts';
import type { Speech, SynthesisRequest } from './synthesizer.ts';

const SENTENCE = 'The lamp in the hall is on now.';

export interface SpecOptions {
  /** The slowest and the fastest that it can; what is asked for beyond is spoken at these. */
  readonly speeds?: readonly [number, number];
  /** How many of its voices are heard, of an engine that has a hundred. */
  readonly fewVoices?: number;
}

/** @param open gives an engine that is loaded, as a service has it; called once */
export function synthesizerSpec(
  name: string,
  open: () => Promise<TtsEngine>,
  { speeds: [slowest, fastest] = [0.5, 2], fewVoices }: SpecOptions = {},
): void {
  describe(`synthesizer: ${name}`, () => {
    let engine: TtsEngine;
    beforeAll(async () => {
      engine = await open();
    });
    afterAll(() => engine.close());

    async function say(request: SynthesisRequest, signal?: AbortSignal): Promise<Speech> {
      return await engine.call('synthesize', request, { signal }).catch((error: unknown) => {
        throw asTtsError(error);
      });
    }
    const voices = () => engine.call('voices', undefined);

    it('says a sentence as sound that is neither silence nor clipped, in 1 to 5 s', async () => {
      const speech = await say({ text: SENTENCE });
      expect(seconds(speech)).toBeGreaterThan(1);
      expect(seconds(speech)).toBeLessThan(5);
      expect(level(speech)).toBeGreaterThan(500);
      expect(speech.samples.filter((sample) => Math.abs(sample) > 32_700).length).toBe(0);
    });

    it('starts within 0.15 s: the listener waits for the silence before the first word', async () => {
      const { samples, rateHz } = await say({ text: SENTENCE });
      expect(samples.findIndex((sample) => Math.abs(sample) > 500) / rateHz).toBeLessThan(0.15);
    });

    it('has every voice that it lists, at the rate that it lists', async () => {
      const all = await voices();
      expect(all.length).toBeGreaterThan(0);
      for (const { name: voice, rateHz } of all.slice(0, fewVoices)) {
        const speech = await say({ text: SENTENCE, voice });
        expect(speech.rateHz).toBe(rateHz);
        expect(level(speech)).toBeGreaterThan(200);
      }
    });

    it('takes the first voice of its list when none is named', async () => {
      const [first] = await voices();
      const named = await say({ text: 'Hello.', voice: first?.name });
      const unnamed = await say({ text: 'Hello.' });
      expect(unnamed.rateHz).toBe(named.rateHz);
      expect(Math.abs(seconds(unnamed) - seconds(named))).toBeLessThan(0.5);
    });

    it('refuses a voice that it does not have, and names those that it has', async () => {
      const [first] = await voices();
      const outcome = say({ text: 'Hello.', voice: 'nobody' });
      await expect(outcome).rejects.toMatchObject({
        code: 'UNKNOWN_VOICE',
        message: expect.stringContaining(first?.name ?? ''),
      });
    });

    it(`speaks from ${slowest} to ${fastest} times as fast, within a quarter`, async () => {
      const at = async (speed: number) => seconds(await say({ text: SENTENCE, speed }));
      const normal = await at(1);
      const [fast, slow] = [normal / (await at(2)), (await at(0.5)) / normal];
      expect(fast).toBeGreaterThan(0.75 * fastest);
      expect(fast).toBeLessThan(1.25 * fastest);
      expect(slow).toBeGreaterThan(0.75 / slowest);
      expect(slow).toBeLessThan(1.25 / slowest);
    });

    it('gives no samples, and no error, for a text without letters or digits', async () => {
      for (const text of ['', '   ', '...', '!?', '\n']) {
        expect((await say({ text })).samples.length).toBe(0);
      }
    });

    it('takes signs, quotes, accents and what looks like an option as text', async () => {
      for (const text of ['-h', '--voice rms', 'a "b" \'c\' <d> & \\e %s', 'naïve café', 'a\0b']) {
        expect(level(await say({ text }))).toBeGreaterThan(200);
      }
    });

    it('refuses more text than one synthesis may hold', async () => {
      const outcome = say({ text: 'word '.repeat(2_000) });
      await expect(outcome).rejects.toMatchObject({ code: 'TEXT_TOO_LONG' });
    });

    it('works on after a refusal', async () => {
      await expect(say({ text: 'Hello.', voice: 'nobody' })).rejects.toThrow();
      expect(level(await say({ text: 'Hello.' }))).toBeGreaterThan(200);
    });

    it('answers two calls at once, each with its own text, in order', async () => {
      const order: number[] = [];
      const both = ['Yes.', SENTENCE].map(async (text, i) => {
        const speech = await say({ text });
        order.push(i);
        return seconds(speech);
      });
      const [short = 0, long = 0] = await Promise.all(both);
      expect(order).toEqual([0, 1]);
      expect(long).toBeGreaterThan(1.5 * short);
    });

    it('lets a caller go at once, and speaks for the next one', async () => {
      const stop = new AbortController();
      const running = say({ text: SENTENCE }, stop.signal);
      const waiting = say({ text: SENTENCE }, stop.signal);
      stop.abort();
      await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
      await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
      expect(level(await say({ text: 'Hello.' }))).toBeGreaterThan(200);
    });

    // Other processes may take the processor away: a gap that is the engine's own comes back.
    it('leaves the event loop free while it speaks', { retry: 2 }, async () => {
      const { gapMs } = await loopGap(() => say({ text: `${SENTENCE} ${SENTENCE}` }));
      expect(gapMs).toBeLessThan(ALLOWED_GAP_MS);
    });
  });
}

const seconds = ({ samples, rateHz }: Speech): number => samples.length / rateHz;

/** Root mean square; full scale is 32,768. */
function level({ samples }: Speech): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}
