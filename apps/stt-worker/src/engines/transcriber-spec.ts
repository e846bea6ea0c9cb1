/** What every transcriber must do. A new engine's test is one call of this. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EngineSpec, openEngine, type RunningEngine } from '@hearth/runtime';
import { ALLOWED_GAP_MS, loopGap } from '@hearth/runtime/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noise, silence, tone } from '../fixtures/sounds.ts';
import type { Recording, Sentences, Transcriber } from './transcriber.ts';

export interface TranscriberCase {
  readonly name: string;
  readonly spec: EngineSpec;
  /** Asked for by engines that learn. */
  readonly sentences?: Sentences;
  /** Recordings of people, where there are any on this machine. */
  readonly spoken: readonly {
    readonly name: string;
    readonly samples: Int16Array;
    readonly text: RegExp;
  }[];
  /** For engines that need a model file: the same engine with another one, and the command that fetches it. */
  readonly model?: {
    readonly specFor: (file: string) => EngineSpec;
    readonly command: string;
  };
  /** For one call; the machine may be busy. */
  readonly limitMs?: number;
}

const PIECE = 1_600;

export function transcriberSpec(testCase: TranscriberCase): void {
  const { name, spec, sentences, spoken, model, limitMs = 20_000 } = testCase;
  const timeout = 3 * limitMs;

  describe(`transcriber: ${name}`, { timeout }, () => {
    let engine: RunningEngine<Transcriber>;
    beforeAll(async () => {
      engine = await openEngine<Transcriber>(spec);
      if (engine.has('learn') && sentences) await engine.call('learn', sentences);
    }, timeout);
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
      const heard = await engine.call('transcribe', { samples });
      expect(heard).toMatchObject({ text: '', confidence: 0 });
    });

    it('takes a whole minute', async () => {
      const heard = await engine.call('transcribe', { samples: noise(60, -20) });
      expect(heard).toMatchObject({ text: '', confidence: 0 });
    });

    it('leaves the samples to the caller', async () => {
      const samples = tone(0.5, -20);
      await engine.call('transcribe', { samples });
      expect(samples).toEqual(tone(0.5, -20));
    });

    it('answers two calls at once, each with its own', async () => {
      const [first, second] = spoken;
      const asked = [first, second].map((clip) => ({
        samples: clip?.samples ?? tone(1, -15),
        text: clip?.text ?? /^$/,
      }));
      const heard = await Promise.all(
        asked.map(({ samples }) => engine.call('transcribe', { samples })),
      );
      for (const [i, { text }] of heard.entries()) expect(text).toMatch(asked[i]?.text ?? /^$/);
    });

    it('lets a caller leave at once, and serves the next one', async () => {
      const stop = new AbortController();
      const call = engine.call('transcribe', { samples: noise(2, -15) }, { signal: stop.signal });
      stop.abort();
      await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
      const heard = await engine.call('transcribe', { samples: silence(0.5) });
      expect(heard).toMatchObject({ text: '' });
    });

    it('gives the same whether or not it could listen before', async () => {
      const samples = Int16Array.from([...noise(0.3, -60), ...tone(0.8, -20), ...noise(0.5, -60)]);
      const at = engine.has('listen') ? await streamed('twice', samples) : { samples };
      expect(await engine.call('transcribe', at)).toEqual(
        await engine.call('transcribe', { samples }),
      );
    });

    it('leaves the event loop to others', async () => {
      const samples = noise(3, -20);
      const measure = () => loopGap(() => engine.call('transcribe', { samples }));
      const first = await measure();
      // An engine in a thread or process of its own cannot hold this loop; there the machine would be measured.
      if (engine.offloaded) return;
      // Work of seconds on a busy machine: a gap that is the engine's own comes back each time.
      const { gapMs } = first.gapMs < ALLOWED_GAP_MS ? first : await measure();
      expect(gapMs).toBeLessThan(ALLOWED_GAP_MS);
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

    if (model) describe('its model file', () => modelSpec(model, timeout));
  });
}

function modelSpec(
  { specFor, command }: NonNullable<TranscriberCase['model']>,
  timeout: number,
): void {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'hearth-model-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['is missing', undefined],
    ['is empty', ''],
    ['is no model', 'not found\n'.repeat(1_000)],
    ['is cut off in its header', 'lmgg'],
    ['is damaged', `lmgg${'ÿ'.repeat(10_000)}`],
  ])('that %s is named, with the command that fetches it', { timeout }, async (what, content) => {
    const file = path.join(folder, `${what}.bin`);
    if (content !== undefined) await writeFile(file, content);
    const opening = openEngine<Transcriber>(specFor(file));
    await expect(opening).rejects.toThrow(file);
    await expect(openEngine<Transcriber>(specFor(file))).rejects.toThrow(command);
  });
}
