import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResampler, resample } from './resample.ts';

const PEAK = 0.5;

function tone(toneHz: number, rateHz: number): Float32Array {
  return Float32Array.from({ length: rateHz }, (_, i) => {
    return PEAK * Math.sin((2 * Math.PI * toneHz * i) / rateHz);
  });
}

/** Level against the tone that went in. The ends are left out: there the tone begins and stops, which is no tone. */
function gainDb(samples: Float32Array): number {
  const middle = samples.slice(400, -400);
  const power = middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length;
  return 10 * Math.log10(power / (PEAK ** 2 / 2) + 1e-20);
}

const down = [22_050, 24_000, 32_000, 44_100, 48_000, 96_000];
const up = [8_000, 11_025];

describe('resample', () => {
  it.each(down)('from %i Hz to 16 kHz keeps tones of 100 Hz to 7 kHz within 0.1 dB', (rateHz) => {
    for (const toneHz of [100, 1_000, 3_500, 5_000, 7_000]) {
      expect(Math.abs(gainDb(resample(tone(toneHz, rateHz), rateHz, 16_000)))).toBeLessThan(0.1);
    }
  });

  it.each(down)('from %i Hz to 16 kHz takes 60 dB off tones above 8 kHz', (rateHz) => {
    for (const toneHz of [8_050, 9_000, 10_500, 15_000, 20_000].filter((hz) => hz < rateHz / 2)) {
      expect(gainDb(resample(tone(toneHz, rateHz), rateHz, 16_000))).toBeLessThan(-60);
    }
  });

  it.each(up)('from %i Hz to 16 kHz gives the tone and no image of it', (rateHz) => {
    for (const toneHz of [100, 1_000, 3_400]) {
      const expected = tone(toneHz, 16_000).subarray(400, -400);
      const error = resample(tone(toneHz, rateHz), rateHz, 16_000)
        .subarray(400, -400)
        .map((sample, i) => sample - (expected[i] ?? 0));
      expect(10 * Math.log10(error.reduce((sum, e) => sum + e * e, 0) / error.length)).toBeLessThan(
        -60,
      );
    }
  });

  it('does not shift the sound in time', () => {
    const click = new Float32Array(44_100);
    click[22_050] = 1;
    const out = resample(click, 44_100, 16_000);
    expect(out.indexOf(Math.max(...out))).toBe(8_000);
  });

  it.each([...down, ...up, 44_099, 16_001])('from %i Hz gives as long a sound', (rateHz) => {
    for (const length of [0, 1, 159, rateHz, rateHz * 2 + 7]) {
      const out = resample(new Float32Array(length), rateHz, 16_000);
      expect(out.length).toBe(Math.round((length * 16_000) / rateHz));
    }
  });

  it('does not touch what has the rate already', () => {
    const samples = tone(440, 16_000);
    expect(resample(samples, 16_000, 16_000)).toBe(samples);
  });

  it('keeps a tone clean at a rate that shares no divisor with 16 kHz', () => {
    expect(Math.abs(gainDb(resample(tone(1_000, 44_099), 44_099, 16_000)))).toBeLessThan(0.1);
    expect(gainDb(resample(tone(9_000, 44_099), 44_099, 16_000))).toBeLessThan(-60);
  });
});

describe('createResampler', () => {
  it('gives the same samples however the sound is cut into frames', () => {
    const rates = fc.constantFrom(8_000, 22_050, 44_100, 48_000);
    const sizes = fc.array(fc.nat(700), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(rates, sizes, (rateHz, frameSizes) => {
        const total = frameSizes.reduce((sum, size) => sum + size, 0);
        const sound = tone(777, rateHz).subarray(0, total);
        const resampler = createResampler(rateHz, 16_000);
        const out: number[] = [];
        let at = 0;
        for (const size of frameSizes) {
          out.push(...resampler.push(sound.subarray(at, at + size)));
          at += size;
        }
        out.push(...resampler.end());
        expect(out).toEqual([...resample(sound, rateHz, 16_000)]);
      }),
      { numRuns: 30 },
    );
  });

  it('holds back no more than 6 ms', () => {
    const out = createResampler(48_000, 16_000).push(new Float32Array(48_000));
    expect(out.length).toBeGreaterThan(16_000 - 96);
  });
});
