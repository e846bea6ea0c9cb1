/** Small work on samples that engines share. */
import type { Speech } from './synthesizer.ts';

/** About -46 dB of full scale: above the hiss of voices, below their softest consonants. */
const AUDIBLE = 160;
/** Kept before the first audible sample. Some voices start with 200 ms of silence, which the listener would wait for. */
const LEAD_MS = 50;

export function withoutLead({ rateHz, samples }: Speech): Speech {
  const first = samples.findIndex((sample) => Math.abs(sample) > AUDIBLE);
  const start = Math.max(0, first - Math.round((LEAD_MS * rateHz) / 1000));
  return { rateHz, samples: start > 0 ? samples.slice(start) : samples };
}

export function joinSpeech(
  parts: readonly Int16Array[],
  pauseSamples = 0,
): Int16Array<ArrayBuffer> {
  const pauses = Math.max(0, parts.length - 1) * pauseSamples;
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, pauses));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length + pauseSamples;
  }
  return whole;
}
