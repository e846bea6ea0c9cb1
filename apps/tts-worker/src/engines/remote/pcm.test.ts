import { writeWav } from '@hearth/core';
import { describe, expect, it } from 'vitest';
import type { Speech } from '../synthesizer.ts';
import { speechFrom } from './pcm.ts';

const ASSUMED = { rateHz: 24_000, channels: 1 };

async function read(bytes: Uint8Array, step = bytes.length || 1): Promise<Speech[]> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
  }
  const parts: Speech[] = [];
  for await (const part of speechFrom(chunks(), ASSUMED)) parts.push(part);
  return parts;
}

const samplesIn = (parts: readonly Speech[]) => parts.flatMap(({ samples }) => [...samples]);

describe('audio that arrives in pieces', () => {
  const samples = Int16Array.from({ length: 50 }, (_, i) => i * 100 - 2_000);

  it('is the same however it is cut, also within a sample', async () => {
    const raw = new Uint8Array(samples.buffer);
    for (const step of [1, 3, 7, 100]) {
      const parts = await read(raw, step);
      expect(samplesIn(parts)).toEqual([...samples]);
      expect(parts[0]?.rateHz).toBe(24_000);
    }
  });

  it('says its rate when it is a WAV, and two channels become one', async () => {
    const wav = writeWav({ rateHz: 22_050, channels: 2, samples });
    for (const step of [1, 10, 1_000]) {
      const parts = await read(wav, step);
      expect(parts[0]?.rateHz).toBe(22_050);
      expect(samplesIn(parts)).toEqual(
        Array.from({ length: 25 }, (_, i) =>
          Math.round(((samples[2 * i] ?? 0) + (samples[2 * i + 1] ?? 0)) / 2),
        ),
      );
    }
  });

  it.each([
    ['nothing at all', new Uint8Array(0), 'no audio came'],
    ['an MP3', Buffer.from('ID3\u0004xxxx'), 'the server sends compressed audio, not PCM or WAV'],
    ['an Ogg', Buffer.from('OggSxxxx'), 'the server sends compressed audio, not PCM or WAV'],
    [
      'a WAV without an end',
      Buffer.concat([Buffer.from('RIFFxxxxWAVEjunk'), Buffer.alloc(70_000, 0xff)]),
      'the WAV header has no end',
    ],
    [
      'a WAV of 192 kHz',
      writeWav({ rateHz: 192_000, channels: 1, samples }),
      '192000 Hz with 1 channels is no speech',
    ],
  ])('is refused when it is %s', async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'REMOTE_FAILED', message });
  });
});
