/** What every transcriber must do. A new engine's test is one call of this. */
import { openEngine, type RunningEngine } from '@hearth/runtime';
import type { EngineSpec } from '@hearth/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noise, silence, tone } from '../fixtures/sounds.ts';
import type { Recording, Sentences, Transcriber } from './transcriber.ts';

export interface TranscriberCase {
  readonly name: string;
  readonly spec: EngineSpec;
  readonly sentences: Sentences;
  /** Recordings of people, where there are any on this machine. */
  readonly spoken: readonly {
    readonly name: string;
    readonly samples: Int16Array;
    readonly text: RegExp;
  }[];
}

/** Half a frame of a film: nobody notices. */
const LARGEST_GAP_MS = 50;
const PIECE = 1_600;

export function transcriberSpec({ name, spec, sentences, spoken }: TranscriberCase): void {
  describe(`transcriber: ${name}`, () => {
    let engine: RunningEngine<Transcriber>;
    beforeAll(async () => {
      engine = await openEngine<Transcriber>(spec);
      if (engine.has('learn')) await engine.call('learn', sentences);
    });
    afterAll(() => engine.close());

    async function streamed(utterance: string, samples: Int16Array): Promise<Recording> {
      for (let from = 0; from < samples.length; from += PIECE) {
        const piece = samples.slice(from, from + PIECE);
        await engine.call('listen', { utterance, from, samples: piece });
      }
      return { utterance, samples };
    }

    it.each([
      ['an empty recording', new Int16Array()],
      ['a single sample', new Int16Array(1)],
      ['digital silence', silence(1)],
      ['a quiet room', noise(2, -60)],
      ['a loud fan', noise(2, -15)],
      ['a beep', tone(1, -12)],
      ['full scale', noise(1, 0)],
      ['two seconds of hiss', noise(2, -10)],
    ])('hears nothing in %s', async (_, samples) => {
      expect(await engine.call('transcribe', { samples })).toEqual({ text: '', confidence: 0 });
    });

    it('gives the same whether or not it could listen before', async () => {
      const samples = Int16Array.from([...noise(0.3, -60), ...tone(0.8, -20), ...noise(0.5, -60)]);
      const at = engine.has('listen') ? await streamed('twice', samples) : { samples };
      expect(await engine.call('transcribe', at)).toEqual(
        await engine.call('transcribe', { samples }),
      );
    });

    it('leaves the event loop to others', async () => {
      let last = performance.now();
      let largest = 0;
      const timer = setInterval(() => {
        largest = Math.max(largest, performance.now() - last);
        last = performance.now();
      }, 5);
      try {
        await engine.call('transcribe', { samples: noise(3, -20) });
      } finally {
        clearInterval(timer);
      }
      // An engine in a thread of its own cannot hold this loop; there the machine would be measured.
      if (!engine.offloaded) expect(largest).toBeLessThan(LARGEST_GAP_MS);
    });

    it.runIf(spoken.length === 0)('recordings of people: none on this machine', (context) => {
      context.skip('HEARTH_TEST_DATA names no folder with recordings');
    });

    it.each(spoken)('hears $name', async ({ samples, text }) => {
      expect((await engine.call('transcribe', { samples })).text).toMatch(text);
    });

    it.each(spoken)('hears $name while it is spoken', async ({ name, samples, text }) => {
      if (!engine.has('listen')) return;
      const at = await streamed(name, samples);
      expect((await engine.call('transcribe', at)).text).toMatch(text);
    });
  });
}
