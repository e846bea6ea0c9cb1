/** Measures how loud a sound is, window by window. */
import { SPEECH_RATE_HZ } from '@hearth/contracts';
import { SILENCE_DB } from './pcm.ts';

/** 20 ms: long enough that steady noise measures steadily, short enough to see the gaps between syllables. */
export const WINDOW_SAMPLES = SPEECH_RATE_HZ / 50;

export interface Loudness {
  /** @returns decibels below full scale, one number per window that is full by now */
  push(samples: Int16Array): number[];
  /** @returns the last window when at least half of it was heard */
  end(): number[];
}

/** Pole of the high-pass, at about 80 Hz: what a cheap microphone adds below, a constant offset above all, is not heard. */
const POLE = 0.97;

const FULL_SCALE = 2 ** 15;

export function createLoudness(): Loudness {
  let before = 0;
  let filtered = 0;
  let energy = 0;
  let count = 0;
  let started = false;

  function take(): number {
    const level = 10 * Math.log10(energy / count / FULL_SCALE ** 2);
    energy = 0;
    count = 0;
    return Math.max(SILENCE_DB, level);
  }

  return {
    push(samples) {
      const levels: number[] = [];
      for (const sample of samples) {
        // From 0 to a constant offset would be a click at the very start.
        if (!started) before = sample;
        started = true;
        filtered = sample - before + POLE * filtered;
        before = sample;
        energy += filtered * filtered;
        count += 1;
        if (count === WINDOW_SAMPLES) levels.push(take());
      }
      return levels;
    },
    end() {
      return count >= WINDOW_SAMPLES / 2 ? [take()] : [];
    },
  };
}
