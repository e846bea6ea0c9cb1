import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeWav } from '@hearth/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSpeech } from './read-speech.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-read-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, bytes: Uint8Array): Promise<string> {
  const target = path.join(folder, name);
  await writeFile(target, bytes);
  return target;
}

function tone(rateHz: number, seconds: number, amplitude: number): Uint8Array {
  const samples = Int16Array.from({ length: rateHz * seconds }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * 440 * i) / rateHz)),
  );
  return writeWav({ rateHz, channels: 1, samples });
}

describe('a recording to listen to', () => {
  it('becomes 16 kHz, one channel', async () => {
    const samples = await readSpeech(await file('tone.wav', tone(44_100, 1, 8_000)));
    expect(samples.length).toBeGreaterThan(15_990);
    expect(samples.length).toBeLessThan(16_010);
  });

  it('is taken when only a short part of it is loud', async () => {
    const samples = new Int16Array(16_000 * 10);
    samples.set(
      Int16Array.from({ length: 3_200 }, (_, i) => (i % 2 ? 2_000 : -2_000)),
      80_000,
    );
    const wav = writeWav({ rateHz: 16_000, channels: 1, samples });
    expect(await readSpeech(await file('short.wav', wav))).toHaveLength(160_000);
  });

  it.each([
    ['NO_SUCH_FILE', 'absent.wav', undefined],
    ['NOT_A_WAV', 'text.wav', new TextEncoder().encode('this is plainly no sound at all')],
    ['NOT_A_WAV', 'empty.wav', new Uint8Array()],
    ['EMPTY_AUDIO', 'no-samples.wav', tone(16_000, 0, 0)],
    ['SILENT_AUDIO', 'silent.wav', tone(16_000, 1, 0)],
    ['SILENT_AUDIO', 'noise-of-a-muted-input.wav', tone(16_000, 1, 10)],
  ])('is refused as %s: %s', async (code, name, bytes) => {
    const target = bytes ? await file(name, bytes) : path.join(folder, name);
    await expect(readSpeech(target)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(name),
    });
  });

  it('is refused when it is a folder', async () => {
    await expect(readSpeech(folder)).rejects.toMatchObject({ code: 'CANNOT_READ' });
  });
});
