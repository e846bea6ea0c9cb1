import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav } from '@hearth/core';
import { createLog, readSettings } from '@hearth/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { synthesize, voices } from './commands.ts';
import { settings } from './config.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-tts-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('synthesize speaks a text into a WAV file', async () => {
  const file = join(folder, 'hello.wav');
  const printed = await run(synthesize, ['Good', 'evening.'], {
    out: file,
    voice: 'kal',
    speed: '2',
  });
  const { rateHz, channels, samples } = readWav(await readFile(file));
  expect({ rateHz, channels }).toEqual({ rateHz: 8_000, channels: 1 });
  expect(printed).toMatchObject({ file, durationMs: Math.round(samples.length / 8) });
});

it.each([
  [{ voice: 'siri' }, 'flite has no voice "siri"; it has slt, rms, awb, kal16, kal'],
  [{ speed: '9' }, 'a speed is a number from 0.5 to 2'],
  [{ out: '/nonexistent/x.wav' }, 'cannot write /nonexistent/x.wav'],
])('synthesize with %o is refused in one plain line', async (options, message) => {
  const outcome = run(synthesize, ['Hello.'], { out: join(folder, 'x.wav'), ...options });
  await expect(outcome).rejects.toMatchObject({ name: 'UserError', message });
});

it('voices lists what there is, the default first', async () => {
  expect(await run(voices, [], {}, { TTS_VOICE: 'rms' })).toMatchObject({
    engine: 'flite',
    voices: [{ name: 'rms' }, { name: 'slt' }, { name: 'awb' }, { name: 'kal16' }, { name: 'kal' }],
  });
});

async function run(
  command: typeof synthesize,
  args: string[],
  options: Record<string, string>,
  env: Record<string, string> = {},
): Promise<object | undefined> {
  let printed: object | undefined;
  await command.run({
    settings: await readSettings('tts-worker', settings, env),
    args,
    options,
    log: await createLog({ name: 'test', level: 'silent', format: 'json' }),
    signal: new AbortController().signal,
    print: (_human, json) => {
      printed = json;
    },
  });
  return printed;
}
