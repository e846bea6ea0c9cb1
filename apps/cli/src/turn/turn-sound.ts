/** Collects the frames of an answer into one sound. */
import type { FrameHeader } from '@hearth/contracts';
import { samplesOf } from '@hearth/core';

export interface SpokenSound {
  readonly rateHz: number;
  readonly channels: number;
  readonly samples: Int16Array<ArrayBuffer>;
}

export interface SoundCollector {
  /** Frames of another format than the first, and what is beyond the limit, are left out. */
  push(header: FrameHeader, body: Uint8Array): void;
  readonly durationMs: number;
  /** Undefined when no frame held any samples. */
  sound(): SpokenSound | undefined;
}

/** No answer takes longer than this; what does is a voice gone mad. */
const MAX_MS = 10 * 60_000;

export function createSoundCollector(): SoundCollector {
  const pieces: Int16Array[] = [];
  let format: { rateHz: number; channels: number } | undefined;
  let length = 0;

  function durationMs(): number {
    return format ? (length / format.channels / format.rateHz) * 1_000 : 0;
  }

  return {
    push({ rate, channels }, body) {
      if (body.length === 0 || durationMs() >= MAX_MS) return;
      format ??= { rateHz: rate, channels };
      if (format.rateHz !== rate || format.channels !== channels) return;
      const samples = samplesOf(body);
      pieces.push(samples);
      length += samples.length;
    },
    get durationMs() {
      return durationMs();
    },
    sound() {
      if (!format || length === 0) return undefined;
      const samples = new Int16Array(length);
      let at = 0;
      for (const piece of pieces) {
        samples.set(piece, at);
        at += piece.length;
      }
      return { ...format, samples };
    },
  };
}
