import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type EngineSpec, openEngine, siblingModule } from '@hearth/runtime';
import { afterAll, describe, expect, it } from 'vitest';
import { babble } from '../fixtures/sounds.ts';
import { installStandIns, putFiles } from '../fixtures/stand-ins.ts';
import { enginesWith } from '../fixtures/whisper-parts.ts';
import type { Transcriber } from './transcriber.ts';
import { transcriberSpec } from './transcriber-spec.ts';
import type { Options } from './transformers.ts';

const standIns = await installStandIns();
const installed = await enginesWith('node_modules/@huggingface/transformers');
afterAll(() => rm(standIns, { recursive: true }));

const FILES = { 'config.json': '{}', 'tokenizer.json': '{}', 'preprocessor_config.json': '{}' };
const put = (model: string, files: Readonly<Record<string, string>>) =>
  putFiles(path.join(standIns, model), files);
await put('tiny.en', FILES);
await put('tiny', FILES);

function specWith(options: Partial<Options> = {}): EngineSpec {
  const full: Options = {
    enginesDir: standIns,
    folder: standIns,
    model: 'tiny.en',
    language: 'de',
    translate: false,
    threads: 1,
    ...options,
  };
  const module = siblingModule(import.meta.url, './transformers');
  const methods = ['transcribe', 'listen', 'learn'];
  return { name: 'transformers', module, options: full, methods };
}

/** With a package that counts syllables and blocks while it does so: no model of speech is small enough to be at hand. */
transcriberSpec({
  name: 'transformers, our side of it',
  spec: specWith(),
  spoken: [
    { name: 'four syllables', samples: babble(4), text: /^FOUR$/ },
    { name: 'eight syllables', samples: babble(8), text: /^EIGHT$/ },
  ],
});

describe('transformers', () => {
  it('tells models of several languages which one is spoken, and what to do', async () => {
    const engine = await openEngine<Transcriber>(specWith({ model: 'tiny', translate: true }));
    expect(engine.offloaded).toBe(true);
    const { text } = await engine.call('transcribe', { samples: babble(4) });
    await engine.close();
    expect(text).toBe('FOUR de translate');
  });

  it.each(Object.keys(FILES))('names %s when it is missing or empty', async (name) => {
    await put(`empty-${name}`, { ...FILES, [name]: '' });
    const empty = openEngine(specWith({ model: `empty-${name}` }));
    await expect(empty).rejects.toThrow(path.join(standIns, `empty-${name}`, name));
    const missing = openEngine(specWith({ model: 'nowhere' }));
    await expect(missing).rejects.toThrow(path.join(standIns, 'nowhere', 'config.json'));
  });

  it('names the folder of a model that cannot be opened', async () => {
    await put('broken', { ...FILES, 'config.json': 'not found' });
    const folder = path.join(standIns, 'broken');
    await expect(openEngine(specWith({ model: 'broken' }))).rejects.toThrow(folder);
  });

  it.skipIf(!installed)('so does the real one', async () => {
    const spec = specWith({ enginesDir: installed ?? '' });
    await expect(openEngine(spec)).rejects.toThrow(path.join(standIns, 'tiny.en'));
  });

  it('that is not installed says how to install it', async () => {
    const opening = openEngine(specWith({ enginesDir: '/nowhere' }));
    await expect(opening).rejects.toThrow('npx hearth engines add transformers');
  });
});
