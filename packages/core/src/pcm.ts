/** Samples: from any sound to what engines are given, and between samples and bytes. */
import { SPEECH_RATE_HZ } from '@hearth/contracts';
import { CoreError } from './errors.ts';
import { createResampler, resample } from './resample.ts';
import type { Sound } from './wav.ts';

/** What digital silence is said to be, as its logarithm has no number. */
export const SILENCE_DB = -120;

const FULL_SCALE = 2 ** 15;

/** A whole recording as 16 kHz, one channel. */
export function toSpeech({ rateHz, channels, samples }: Sound): Int16Array {
  return toInt16(resample(toMono(samples, channels), rateHz, SPEECH_RATE_HZ));
}

/** Turns frames as they come into 16 kHz, one channel. Frames of any size give the same samples. */
export interface SpeechStream {
  /** @param samples whole frames, channels interleaved */
  push(samples: Int16Array): Int16Array;
  /** The last 5 ms or so, which the filter still holds. */
  end(): Int16Array;
}

export function createSpeechStream(format: { rateHz: number; channels: number }): SpeechStream {
  const { rateHz, channels } = format;
  if (rateHz === SPEECH_RATE_HZ) {
    return {
      push: (samples) => (channels === 1 ? samples : toInt16(toMono(toFloat(samples), channels))),
      end: () => new Int16Array(),
    };
  }
  const resampler = createResampler(rateHz, SPEECH_RATE_HZ);
  return {
    push: (samples) => toInt16(resampler.push(toMono(toFloat(samples), channels))),
    end: () => toInt16(resampler.end()),
  };
}

/** Root mean square in decibels below full scale: 0 for a square wave as loud as can be, -120 for silence. */
export function levelDb(samples: Int16Array): number {
  if (samples.length === 0) return SILENCE_DB;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.max(SILENCE_DB, 10 * Math.log10(sum / samples.length / FULL_SCALE ** 2));
}

/** The same memory, as bytes. Every machine that Node runs on in a home is little-endian, as the wire is. */
export function bytesOf(samples: Int16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

/**
 * A copy, as samples: bytes from the wire may begin at an odd address and their memory belongs to the network.
 *
 * @throws CoreError `BROKEN_PCM` when half a sample is left over
 */
export function samplesOf(bytes: Uint8Array): Int16Array<ArrayBuffer> {
  if (bytes.length % 2 === 1) {
    throw new CoreError('BROKEN_PCM', `${bytes.length} bytes are no whole number of samples`);
  }
  return new Int16Array(new Uint8Array(bytes).buffer);
}

/** Milliseconds of one channel at 16 kHz, unless another rate is given. */
export function durationMs(samples: { readonly length: number }, rateHz = SPEECH_RATE_HZ): number {
  return (samples.length * 1000) / rateHz;
}

/** The mean of all channels. An incomplete last frame is left out. */
function toMono(samples: Float32Array, channels: number): Float32Array {
  if (channels === 1) return samples;
  const mono = new Float32Array(Math.floor(samples.length / channels));
  for (let i = 0; i < mono.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += samples[i * channels + channel] ?? 0;
    mono[i] = sum / channels;
  }
  return mono;
}

function toFloat(samples: Int16Array): Float32Array {
  const out = new Float32Array(samples.length);
  for (let i = 0; i < out.length; i++) out[i] = (samples[i] ?? 0) / FULL_SCALE;
  return out;
}

/** Too loud is clipped: to wrap around would be a bang. */
function toInt16(samples: Float32Array): Int16Array {
  const out = new Int16Array(samples.length);
  for (let i = 0; i < out.length; i++) {
    const sample = Math.round((samples[i] ?? 0) * FULL_SCALE);
    out[i] = Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, sample));
  }
  return out;
}
