/** From a whole recording to the utterance in it. */
import { type FrameHeader, SPEECH_RATE_HZ } from '@hearth/contracts';
import { createSpeechStream, findSpeech, samplesOf } from '@hearth/core';
import { RuntimeError } from '@hearth/runtime';
import type { Speech } from './recogniser.ts';

/** The contract's limit. */
const MAX_SECONDS = 60;

/**
 * From the first sound to the last one: pauses belong to it, as nobody waits for an answer in them.
 *
 * @returns undefined when there is no speech in it
 * @throws RuntimeError PAYLOAD_TOO_LARGE, CoreError BROKEN_PCM
 */
export function recordingOf(
  { rate, channels }: Pick<FrameHeader, 'rate' | 'channels'>,
  body: Uint8Array,
): Speech | undefined {
  if (body.length > MAX_SECONDS * rate * channels * 2) {
    throw new RuntimeError('PAYLOAD_TOO_LARGE', `recordings may be ${MAX_SECONDS} s long`);
  }
  const stream = createSpeechStream({ rateHz: rate, channels });
  const samples = joined(stream.push(samplesOf(body)), stream.end());
  return speechIn(samples);
}

/** @param samples 16 kHz, one channel */
export function speechIn(samples: Int16Array): Speech | undefined {
  const parts = findSpeech(samples);
  const [first] = parts;
  const last = parts.at(-1);
  if (!first || !last) return undefined;
  const before = ((last.startSample - first.startSample) * 1000) / SPEECH_RATE_HZ;
  return {
    samples: samples.slice(first.startSample, last.endSample),
    speechMs: before + last.speechMs,
  };
}

function joined(a: Int16Array, b: Int16Array): Int16Array {
  const both = new Int16Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
