import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type EngineSpec, openEngine, type RunningEngine, siblingModule } from '@hearth/runtime';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { babble } from '../fixtures/sounds.ts';
import { installStandIns, putFiles } from '../fixtures/stand-ins.ts';
import { enginesWith } from '../fixtures/whisper-parts.ts';
import type { Options } from './sherpa.ts';
import type { Transcriber } from './transcriber.ts';
import { transcriberSpec } from './transcriber-spec.ts';

const standIns = await installStandIns();
const installed = await enginesWith('node_modules/sherpa-onnx-node');
afterAll(() => rm(standIns, { recursive: true }));

const FILES = {
  'tokens.txt': 'a 0\n',
  'encoder.int8.onnx': 'e',
  'decoder.onnx': 'd',
  'joiner.onnx': 'j',
};
let folders = 0;
const put = (files: Readonly<Record<string, string>>) =>
  putFiles(path.join(standIns, `model-${folders++}`), files);

function specWith(options: Pick<Options, 'folder'> & Partial<Options>): EngineSpec {
  const full: Options = { enginesDir: standIns, threads: 1, ...options };
  const module = siblingModule(import.meta.url, './sherpa');
  const methods = ['transcribe', 'listen', 'learn'];
  return { name: 'sherpa', module, options: full, methods, isolation: 'process' };
}

/** With a package that counts syllables: no streaming model is small enough to be at hand. */
transcriberSpec({
  name: 'sherpa, our side of it',
  spec: specWith({ folder: await put(FILES) }),
  spoken: [
    { name: 'four syllables', samples: babble(4), text: /^four$/ },
    { name: 'eight syllables', samples: babble(8), text: /^eight$/ },
  ],
});

const open: RunningEngine<Transcriber>[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});
async function start(options: Pick<Options, 'folder'> & Partial<Options>) {
  const engine = await openEngine<Transcriber>(specWith(options));
  open.push(engine);
  return engine;
}

describe('sherpa', () => {
  it('says what it has heard so far, and how sure it is in the end', async () => {
    const engine = await start({ folder: await put(FILES) });
    const samples = babble(8);
    const heard: string[] = [];
    for (let from = 0; from < samples.length; from += 1_600) {
      const piece = { utterance: 'a', from, samples: samples.slice(from, from + 1_600) };
      heard.push((await engine.call('listen', piece)).text);
    }
    expect(heard).toContain('four');
    expect(await engine.call('transcribe', { utterance: 'a', samples })).toEqual({
      text: 'eight',
      confidence: expect.closeTo(0.8),
    });
  });

  it('hears two people who speak at the same time', async () => {
    const engine = await start({ folder: await put(FILES) });
    const people = [
      { utterance: 'a', samples: babble(8), text: 'eight' },
      { utterance: 'b', samples: babble(4), text: 'four' },
    ];
    for (let from = 0; from < 48_000; from += 1_600) {
      for (const { utterance, samples } of people) {
        const piece = samples.slice(from, from + 1_600);
        if (piece.length > 0) await engine.call('listen', { utterance, from, samples: piece });
      }
    }
    for (const { utterance, samples, text } of people) {
      expect(await engine.call('transcribe', { utterance, samples })).toMatchObject({ text });
    }
  });

  it.each(Object.keys(FILES))('names %s when it is missing or empty', async (name) => {
    const others = Object.entries(FILES).filter(([other]) => other !== name);
    const without = await put(Object.fromEntries(others));
    await expect(openEngine(specWith({ folder: without }))).rejects.toThrow(without);
    const empty = await put({ ...FILES, [name]: '' });
    await expect(openEngine(specWith({ folder: empty }))).rejects.toThrow(path.join(empty, name));
  });

  it('says where models are when there is none', async () => {
    const opening = openEngine(specWith({ folder: path.join(standIns, 'nowhere') }));
    await expect(opening).rejects.toThrow(/nowhere is missing.*https:/);
  });

  it('does not open a file whose sum is another than in SHA256SUMS, or not in it', async () => {
    const sums = Object.entries(FILES).map(
      ([name, content]) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`,
    );
    const whole = { ...FILES, SHA256SUMS: sums.join('') };
    await start({ folder: await put(whole) });
    const changed = await put({ ...whole, 'decoder.onnx': 'x' });
    await expect(openEngine(specWith({ folder: changed }))).rejects.toThrow(
      `${path.join(changed, 'decoder.onnx')} is broken`,
    );
    const unknown = await put({ ...whole, SHA256SUMS: sums.slice(0, -1).join('') });
    await expect(openEngine(specWith({ folder: unknown }))).rejects.toThrow('joiner.onnx');
  });

  it('that aborts its process on a broken model fails to load, and this process lives', async () => {
    const folder = await put({ ...FILES, 'tokens.txt': 'abort' });
    await expect(openEngine(specWith({ folder }))).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
  });

  it.skipIf(!installed)('the real one does so with files that are no models', async () => {
    const folder = await put({ ...FILES, 'encoder.int8.onnx': 'no model '.repeat(99) });
    const opening = openEngine(specWith({ folder, enginesDir: installed ?? '' }));
    await expect(opening).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
  });

  it('that is not installed says how to install it', async () => {
    const opening = openEngine(specWith({ folder: await put(FILES), enginesDir: '/nowhere' }));
    await expect(opening).rejects.toThrow('npx hearth engines add sherpa');
  });
});
