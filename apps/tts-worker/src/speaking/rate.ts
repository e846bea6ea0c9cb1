/** Keeps the audio of a turn in one rate: a player is opened once. */
import { resample } from '@hearth/core';
import type { Speech } from '../engines/synthesizer.ts';
import type { Turn } from './turn.ts';

const FULL_SCALE = 32_768;

/** The first audio decides; what another voice or engine says later is brought to its rate. */
export function atRateOf(
  { spoken }: Pick<Turn, 'spoken'>,
  { rateHz, samples }: Speech,
): Int16Array {
  if (samples.length === 0) return samples;
  spoken.rateHz ??= rateHz;
  if (rateHz === spoken.rateHz) return samples;
  const floats = Float32Array.from(samples, (sample) => sample / FULL_SCALE);
  const resampled = resample(floats, rateHz, spoken.rateHz);
  return Int16Array.from(resampled, (sample) =>
    Math.round(Math.max(-1, Math.min(1 - 1 / FULL_SCALE, sample)) * FULL_SCALE),
  );
}

export function joined(head: Int16Array, tail: Int16Array): Int16Array {
  const whole = new Int16Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
