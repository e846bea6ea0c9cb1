/** Piper with the real library and a real model whose weights are random: everything but the sound can be checked. */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TtsEngine } from '../engine.ts';
import { asTtsError } from '../wire-errors.ts';
import { synthesizerSpec } from './synthesizer-spec.ts';
import { enginesDirWith, openTestEngine, testData } from './testing.ts';

const enginesDir = await enginesDirWith('@mintplex-labs/piper-tts-web');
const model = await testData('models/piper_random_x_low.onnx');
const missing = !enginesDir
  ? 'piper is not in HEARTH_ENGINES_DIR'
  : model
    ? undefined
    : 'no Piper model in HEARTH_TEST_DATA';
const nativeMissing =
  missing ?? ((await enginesDirWith('onnxruntime-node')) ? undefined : 'no native ORT');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-piper-'));
  if (!model) return;
  await addVoice('anna', {});
  await addVoice('bert', { sample_rate: 22_050 });
});
afterAll(() => rm(folder, { recursive: true }));

/** Sounds of even length: by chance alone the same sentence would be half as long one time and the other. */
async function addVoice(name: string, audio: { sample_rate?: number }): Promise<void> {
  if (!model) return;
  const config = JSON.parse(await readFile(`${model}.json`, 'utf8'));
  const { speaker_id_map: _, ...rest } = config;
  const inference = { noise_scale: 0.667, length_scale: 1.6, noise_w: 0 };
  const text = JSON.stringify({ ...rest, inference, audio: { ...config.audio, ...audio } });
  await copyFile(model, join(folder, `${name}.onnx`));
  await writeFile(join(folder, `${name}.onnx.json`), text);
}

const open = (env: Readonly<Record<string, string>> = {}) =>
  openTestEngine('piper', {
    HEARTH_ENGINES_DIR: enginesDir ?? '',
    TTS_PIPER_DIR: folder,
    TTS_PIPER_RUNTIME: 'wasm',
    ...env,
  });

describe.skipIf(missing)(`piper (${missing ?? 'in WASM'})`, () => {
  synthesizerSpec('piper in WASM', () => open());
});

describe.skipIf(nativeMissing)(`piper (${nativeMissing ?? 'native'})`, () => {
  synthesizerSpec('piper through onnxruntime-node', () => open({ TTS_PIPER_RUNTIME: 'native' }));
});

describe.skipIf(missing)(`piper and its files (${missing ?? 'in WASM'})`, () => {
  let engine: TtsEngine;
  beforeAll(async () => {
    engine = await open({ TTS_VOICE: 'bert' });
  });
  afterAll(() => engine.close());

  async function say(text: string, voice?: string) {
    return await engine.call('synthesize', { text, voice }).catch((error: unknown) => {
      throw asTtsError(error);
    });
  }

  it('speaks with several voices in turn, each at its own rate, the one of the settings first', async () => {
    expect(await engine.call('voices', undefined)).toEqual([
      { name: 'bert', language: 'en', rateHz: 22_050 },
      { name: 'anna', language: 'en', rateHz: 16_000 },
    ]);
    const rates = [];
    for (const voice of [undefined, 'anna', 'bert', 'anna'])
      rates.push((await say('Hello there.', voice)).rateHz);
    expect(rates).toEqual([22_050, 16_000, 22_050, 16_000]);
  });

  it('outlives the 129th call of its phonemizer', { timeout: 120_000 }, async () => {
    let samples = 0;
    for (let i = 0; i < 5; i++) {
      const text = Array.from({ length: 28 }, (_, k) => `${k}.`).join(' ');
      const input = { text, voice: 'anna', speed: 2 };
      samples += (await engine.call('synthesize', input)).samples.length;
    }
    expect(samples).toBeGreaterThan(140 * 1_600);
  });

  it('lists what it can speak with, though one voice is broken', async () => {
    await addVoice('emil', {});
    await writeFile(join(folder, 'emil.onnx.json'), '{');
    const names = (await engine.call('voices', undefined)).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['anna', 'bert']));
    expect(names).not.toContain('emil');
    await expect(say('Hello.', 'emil')).rejects.toMatchObject({ code: 'MODEL_BROKEN' });
    await rm(join(folder, 'emil.onnx'));
  });

  it('speaks with a voice that was added while it runs', async () => {
    await addVoice('cleo', {});
    expect((await say('Hello.', 'cleo')).rateHz).toBe(16_000);
  });

  it('tells which file of a voice is broken and how to get it again, and speaks on', async () => {
    await addVoice('dora', {});
    await writeFile(join(folder, 'dora.onnx'), 'this is no model');
    await expect(say('Hello.', 'dora')).rejects.toMatchObject({
      code: 'MODEL_BROKEN',
      message: `The voice file ${join(folder, 'dora.onnx')} is broken. Run: npx hearth models pull dora`,
    });
    await rm(join(folder, 'dora.onnx'));
    expect((await say('Hello.')).samples.length).toBeGreaterThan(1_000);
  });

  it('refuses names that are paths', async () => {
    await expect(say('Hello.', '../anna')).rejects.toMatchObject({ code: 'UNKNOWN_VOICE' });
  });
});

describe('piper that cannot be used', () => {
  it.skipIf(missing)('does not load without a voice, and says how to get one', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'hearth-piper-'));
    await expect(open({ TTS_PIPER_DIR: empty, TTS_VOICE: 'en_US-amy-low' })).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: `piper: cannot load: There is no Piper voice in ${empty}. Run: npx hearth models pull en_US-amy-low`,
    });
    await rm(empty, { recursive: true });
  });

  it.skipIf(missing).each(['anna.onnx.json', 'anna.onnx'])(
    'names a file that is missing or broken: %s',
    async (file) => {
      const broken = await mkdtemp(join(tmpdir(), 'hearth-piper-'));
      await writeFile(join(broken, 'anna.onnx'), '');
      if (file === 'anna.onnx') await writeFile(join(broken, 'anna.onnx.json'), '{"audio":1}');
      const named = file === 'anna.onnx' ? 'anna.onnx.json is broken' : 'anna.onnx.json is missing';
      await expect(open({ TTS_PIPER_DIR: broken })).rejects.toMatchObject({
        message: expect.stringMatching(new RegExp(`${named}.* Run: npx hearth models pull anna`)),
      });
      await rm(broken, { recursive: true });
    },
  );

  it('says how to install it when it is not', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'hearth-piper-'));
    const outcome = open({ HEARTH_ENGINES_DIR: empty });
    await expect(outcome).rejects.toMatchObject({
      message: expect.stringContaining('piper is not installed. Run: npx hearth engines add piper'),
    });
    await rm(empty, { recursive: true });
  });
});
