import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  createSpeechStream,
  durationMs,
  levelDb,
  SILENCE_DB,
  samplesOf,
  toSpeech,
} from './pcm.ts';

const stereo = (left: number[], right: number[]) =>
  Float32Array.from(left.flatMap((sample, i) => [sample, right[i] ?? 0]));

describe('toSpeech', () => {
  it('takes the mean of the channels', () => {
    const samples = stereo([0.5, 0.25], [0, 0.25]);
    expect([...toSpeech({ rateHz: 16_000, channels: 2, samples })]).toEqual([8_192, 8_192]);
  });

  it('clips what is too loud instead of wrapping around', () => {
    const samples = Float32Array.of(1, 1.5, -1, -1.5);
    expect([...toSpeech({ rateHz: 16_000, channels: 1, samples })]).toEqual([
      32_767, 32_767, -32_768, -32_768,
    ]);
  });

  it('turns a second of 44.1 kHz stereo into 16,000 samples of the same level', () => {
    const samples = Float32Array.from({ length: 88_200 }, (_, i) => {
      return 0.5 * Math.sin((2 * Math.PI * 440 * Math.floor(i / 2)) / 44_100);
    });
    const speech = toSpeech({ rateHz: 44_100, channels: 2, samples });
    expect(speech).toHaveLength(16_000);
    expect(levelDb(speech)).toBeCloseTo(-9.03, 1);
  });
});

describe('createSpeechStream', () => {
  it('gives frame by frame what toSpeech gives at once', () => {
    const frames = Int16Array.from({ length: 2 * 9_600 }, (_, i) => 9_000 * Math.sin(i / 30));
    const stream = createSpeechStream({ rateHz: 48_000, channels: 2 });
    const out: number[] = [];
    for (let at = 0; at < frames.length; at += 960) {
      out.push(...stream.push(frames.subarray(at, at + 960)));
    }
    out.push(...stream.end());
    const samples = Float32Array.from(frames, (sample) => sample / 2 ** 15);
    expect(out).toEqual([...toSpeech({ rateHz: 48_000, channels: 2, samples })]);
  });

  it('hands on what is right already', () => {
    const stream = createSpeechStream({ rateHz: 16_000, channels: 1 });
    const samples = Int16Array.of(1, 2, 3);
    expect(stream.push(samples)).toBe(samples);
    expect(stream.end()).toHaveLength(0);
  });

  it('mixes 16 kHz stereo down', () => {
    const stream = createSpeechStream({ rateHz: 16_000, channels: 2 });
    expect([...stream.push(Int16Array.of(100, 300))]).toEqual([200]);
  });
});

describe('levelDb', () => {
  it('is 0 for the loudest square wave, -3 for the loudest sine, -120 for silence and for nothing', () => {
    expect(levelDb(Int16Array.of(-32_768, -32_768))).toBe(0);
    const sine = Int16Array.from({ length: 16_000 }, (_, i) => 32_767 * Math.sin(i / 4));
    expect(levelDb(sine)).toBeCloseTo(-3, 1);
    expect(levelDb(new Int16Array(100))).toBe(SILENCE_DB);
    expect(levelDb(new Int16Array())).toBe(SILENCE_DB);
  });
});

describe('bytes and samples', () => {
  it('are each other’s reverse, from any address', () => {
    const samples = Int16Array.of(1, -2, 32_767, -32_768);
    const shifted = Buffer.concat([Buffer.alloc(1), bytesOf(samples)]).subarray(1);
    expect([...samplesOf(shifted)]).toEqual([...samples]);
    expect([...bytesOf(samples.subarray(1, 2))]).toEqual([0xfe, 0xff]);
  });

  it('does not share memory with the bytes that came in', () => {
    const bytes = Buffer.alloc(4);
    const samples = samplesOf(bytes);
    bytes.fill(1);
    expect([...samples]).toEqual([0, 0]);
  });

  it('refuses half a sample', () => {
    expect(() => samplesOf(new Uint8Array(3))).toThrow('3 bytes are no whole number of samples');
  });
});

describe('durationMs', () => {
  it('counts samples of 16 kHz, or of the rate given', () => {
    expect(durationMs(new Int16Array(16_000))).toBe(1_000);
    expect(durationMs(new Int16Array(11_025), 44_100)).toBe(250);
  });
});
