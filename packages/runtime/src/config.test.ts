import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readSettings } from './config.ts';

const own = z.object({
  STT_ENGINE: z.enum(['soundswallower', 'whisper']).default('soundswallower'),
  STT_LIMIT: z.coerce.number().int().min(1).default(10),
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-config-'));
});
afterEach(() => rm(folder, { recursive: true }));

const read = (env: Record<string, string>) => readSettings('stt-worker', own, env);

async function withFile(text: string): Promise<{ HEARTH_CONFIG: string }> {
  const file = path.join(folder, 'hearth.yaml');
  await writeFile(file, text);
  return { HEARTH_CONFIG: file };
}

describe('settings', () => {
  it('have defaults for everything', async () => {
    expect(await read({})).toMatchObject({
      MQTT_URL: 'mqtt://127.0.0.1:1883',
      HEARTH_PREFIX: 'hearth',
      STT_ENGINE: 'soundswallower',
      STT_LIMIT: 10,
    });
  });

  it('have folders for engines and models in the data folder, unless they are set', async () => {
    expect(await read({})).toMatchObject({ HEARTH_MODELS_DIR: path.resolve('data/models') });
    expect(await read({ HEARTH_DATA_DIR: '/srv/h', HEARTH_MODELS_DIR: '/m' })).toMatchObject({
      HEARTH_ENGINES_DIR: '/srv/h/engines',
      HEARTH_MODELS_DIR: '/m',
    });
  });

  it('come from the section of the service in hearth.yaml, then from its top', async () => {
    const env = await withFile('STT_LIMIT: 20\nLOG_LEVEL: warn\nstt-worker:\n  STT_LIMIT: 30\n');
    expect(await read(env)).toMatchObject({ STT_LIMIT: 30, LOG_LEVEL: 'warn' });
  });

  it('come from the environment first, where an empty value counts as none', async () => {
    const env = await withFile('stt-worker:\n  STT_LIMIT: 30\n  STT_ENGINE: whisper\n');
    expect(await read({ ...env, STT_LIMIT: '7', STT_ENGINE: '' })).toMatchObject({
      STT_LIMIT: 7,
      STT_ENGINE: 'whisper',
    });
  });

  it('that are wrong are all told at once, with exit code 78', async () => {
    const wrong = { MQTT_URL: 'http://x', STT_LIMIT: '0', LOG_LEVEL: 'loud' };
    await expect(read(wrong)).rejects.toMatchObject({
      code: 'BAD_SETTINGS',
      exitCode: 78,
      message: expect.stringMatching(/MQTT_URL[^]*LOG_LEVEL[^]*STT_LIMIT/),
    });
  });

  it('that nobody knows are refused in the section of the service, where they are typing errors', async () => {
    const env = await withFile('stt-worker:\n  STT_LIMTI: 30\n');
    await expect(read(env)).rejects.toThrow(/STT_LIMTI: no such setting/);
  });

  it.each([
    ['is not YAML', 'a: [', /hearth.yaml/],
    ['holds lists', 'stt-worker: [1]', /hearth.yaml/],
  ])('in a file that %s are refused with its name', async (_what, text, message) => {
    await expect(read(await withFile(text))).rejects.toThrow(message);
  });

  it('in a named file that does not exist are refused', async () => {
    const env = { HEARTH_CONFIG: path.join(folder, 'none.yaml') };
    await expect(read(env)).rejects.toThrow(/cannot be read \(ENOENT\)/);
  });
});
