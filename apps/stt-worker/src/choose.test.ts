import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSettings } from '@hearth/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseSpec } from './choose.ts';
import { settings } from './config.ts';
import { whisperHeader } from './fixtures/whisper-parts.ts';

let folder: string;
const health = { detail: vi.fn() };
const log = { info: vi.fn(), warn: vi.fn() };

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-choose-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function choose(env: Readonly<Record<string, string>> = {}) {
  const all = await readSettings('stt-worker', settings, { HEARTH_DATA_DIR: folder, ...env });
  return await chooseSpec(all, { health, log });
}

async function put(file: string, content: string | Uint8Array): Promise<void> {
  const whole = path.join(folder, file);
  await mkdir(path.dirname(whole), { recursive: true });
  await writeFile(whole, content);
  await chmod(whole, 0o700);
}

/** Only its header is looked at here. */
const MODEL = whisperHeader();

describe('the engine that recognises', () => {
  it('is the embedded one when nothing else is there, and health says why', async () => {
    expect((await choose()).name).toBe('soundswallower');
    const [key, why] = health.detail.mock.lastCall ?? [];
    expect(key).toBe('engineChoice');
    for (const name of ['openai', 'wyoming', 'whisper', 'whisper-node']) {
      expect(why).toContain(name);
    }
    expect(why).toContain('STT_WYOMING_URL is not set');
  });

  it('is whisper when it is installed and has its model', async () => {
    await put('engines/node_modules/@fugood/whisper.node/package.json', '{}');
    expect((await choose()).name).toBe('soundswallower');
    await put('models/whisper/ggml-base.en.bin', MODEL);
    const spec = await choose();
    expect(spec.name).toBe('whisper');
    expect(spec.options).toMatchObject({
      model: { file: path.join(folder, 'models/whisper/ggml-base.en.bin') },
    });
  });

  it('is whisper-node when that is built, and the model may be anywhere', async () => {
    await put('engines/whisper-node/main', '#!/bin/sh');
    await put('elsewhere/mine.bin', MODEL);
    const model = path.join(folder, 'elsewhere/mine.bin');
    expect((await choose({ STT_MODEL: model })).name).toBe('whisper-node');
  });

  it('is not one whose model is broken', async () => {
    await put('engines/node_modules/@fugood/whisper.node/package.json', '{}');
    await put('models/whisper/ggml-base.en.bin', 'not found');
    expect((await choose()).name).toBe('soundswallower');
    expect(health.detail.mock.lastCall?.[1]).toContain('npx hearth models pull whisper-base.en');
  });

  it('is the server that is set', async () => {
    expect((await choose({ STT_WYOMING_URL: 'tcp://box:10300' })).name).toBe('wyoming');
    expect((await choose({ STT_OPENAI_URL: 'http://box:8000/v1' })).name).toBe('openai');
  });

  it('is the one that is set by name, though it is not there yet', async () => {
    expect((await choose({ STT_ENGINE: 'whisper' })).name).toBe('whisper');
    expect(log.warn).toHaveBeenCalled();
  });

  it('cannot be a server without an address', async () => {
    await expect(choose({ STT_ENGINE: 'openai' })).rejects.toMatchObject({
      message: expect.stringContaining('set STT_OPENAI_URL'),
      exitCode: 78,
    });
  });
});
