/** What every speech synthesis engine must do. The test of a new engine is one call of this. */
import { describe, expect, it } from 'vitest';
import { type Speech, type Synthesizer } from './synthesizer.ts';

const SENTENCE = 'The lamp in the hall is on now.';

/** @param open gives an engine that is loaded; called once per test */
export function synthesizerSpec(name: string, open: () => Promise<Synthesizer>): void {
  describe(`synthesizer: ${name}`, () => {
    it('says a sentence as sound that is neither silence nor clipped, in 1 to 5 s', async () => {
      const speech = await (await open()).synthesize({ text: SENTENCE });
      expect(seconds(speech)).toBeGreaterThan(1);
      expect(seconds(speech)).toBeLessThan(5);
      expect(level(speech)).toBeGreaterThan(500);
      expect(speech.samples.filter((sample) => Math.abs(sample) > 32_700).length).toBe(0);
    });

    it('starts within 0.15 s: the listener waits for the silence before the first word', async () => {
      const { samples, rateHz } = await (await open()).synthesize({ text: SENTENCE });
      expect(samples.findIndex((sample) => Math.abs(sample) > 500) / rateHz).toBeLessThan(0.15);
    });

    it('has every voice that it lists, at the rate that it lists', async () => {
      const engine = await open();
      const voices = await engine.voices(undefined);
      expect(voices.length).toBeGreaterThan(0);
      for (const { name: voice, rateHz } of voices) {
        const speech = await engine.synthesize({ text: SENTENCE, voice });
        expect(speech.rateHz).toBe(rateHz);
        expect(level(speech)).toBeGreaterThan(200);
      }
    });

    it('takes the first voice of its list when none is named', async () => {
      const engine = await open();
      const [first] = await engine.voices(undefined);
      const named = await engine.synthesize({ text: 'Hello.', voice: first?.name });
      const unnamed = await engine.synthesize({ text: 'Hello.' });
      expect(unnamed.rateHz).toBe(named.rateHz);
      expect(Math.abs(seconds(unnamed) - seconds(named))).toBeLessThan(0.5);
    });

    it('refuses a voice that it does not have, and names those that it has', async () => {
      const engine = await open();
      const [first] = await engine.voices(undefined);
      const outcome = (async () => engine.synthesize({ text: 'Hello.', voice: 'nobody' }))();
      await expect(outcome).rejects.toMatchObject({
        code: 'UNKNOWN_VOICE',
        message: expect.stringContaining(first?.name ?? ''),
      });
    });

    it('speaks twice as fast at speed 2 and half as fast at 0.5, within a quarter', async () => {
      const engine = await open();
      const normal = seconds(await engine.synthesize({ text: SENTENCE, speed: 1 }));
      const fast = seconds(await engine.synthesize({ text: SENTENCE, speed: 2 }));
      const slow = seconds(await engine.synthesize({ text: SENTENCE, speed: 0.5 }));
      expect(normal / fast).toBeGreaterThan(1.5);
      expect(normal / fast).toBeLessThan(2.5);
      expect(slow / normal).toBeGreaterThan(1.5);
      expect(slow / normal).toBeLessThan(2.5);
    });

    it('gives no samples, and no error, for a text without letters or digits', async () => {
      const engine = await open();
      for (const text of ['', '   ', '...', '!?', '\n']) {
        expect((await engine.synthesize({ text })).samples.length).toBe(0);
      }
    });

    it('takes signs, quotes, accents and what looks like an option as text', async () => {
      const engine = await open();
      for (const text of ['-h', '--voice rms', 'a "b" \'c\' <d> & \\e %s', 'naïve café', 'a\0b']) {
        expect(level(await engine.synthesize({ text }))).toBeGreaterThan(200);
      }
    });

    it('refuses more text than one synthesis may hold', async () => {
      const engine = await open();
      const outcome = (async () => engine.synthesize({ text: 'word '.repeat(2_000) }))();
      await expect(outcome).rejects.toMatchObject({ code: 'TEXT_TOO_LONG' });
    });

    it('works on after a refusal', async () => {
      const engine = await open();
      await expect(
        (async () => engine.synthesize({ text: 'Hello.', voice: 'nobody' }))(),
      ).rejects.toThrow();
      expect(level(await engine.synthesize({ text: 'Hello.' }))).toBeGreaterThan(200);
    });
  });
}

const seconds = ({ samples, rateHz }: Speech): number => samples.length / rateHz;

/** Root mean square; full scale is 32,768. */
function level({ samples }: Speech): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}
