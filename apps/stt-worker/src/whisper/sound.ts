/** Looks at a sound before Whisper does, which writes something about every sound and takes seconds to do so. */
import { SPEECH_RATE_HZ } from '@hearth/contracts';
import { levelDb } from '@hearth/core';

/** 20 ms. */
const WINDOW = SPEECH_RATE_HZ / 50;
/** Nobody speaks more quietly than this to a microphone that can be used. */
const AUDIBLE_DB = -55;
/** The shortest word takes three windows. */
const LEAST_WINDOWS = 3;
/** Syllables and the gaps between them differ by more than this; a fan does not. */
const LEAST_SWING_DB = 6;
/** 160 ms of sound: shorter ones are knocks and clicks. */
const LEAST_SOUND_WINDOWS = 8;
/** Whisper takes nothing that is shorter than a second; this pads it. 1.2 s. */
const LEAST_SAMPLES = 1.2 * SPEECH_RATE_HZ;

export interface Impression {
  /** There is something to be heard at all. */
  readonly audible: boolean;
  /** It is too short or too steady for speech: what is heard in it needs to be doubted. */
  readonly doubtful: boolean;
}

export function listenTo(samples: Int16Array): Impression {
  const levels: number[] = [];
  for (let at = 0; at + WINDOW <= samples.length; at += WINDOW) {
    levels.push(levelDb(samples.subarray(at, at + WINDOW)));
  }
  levels.sort((a, b) => a - b);
  const loud = levels.filter((level) => level > AUDIBLE_DB).length;
  const swing = at(levels, 0.95) - at(levels, 0.1);
  return {
    audible: loud >= LEAST_WINDOWS,
    doubtful: loud < LEAST_SOUND_WINDOWS || swing < LEAST_SWING_DB,
  };
}

/** With silence behind it where it is too short for Whisper. A copy. */
export function padded(samples: Int16Array): Int16Array<ArrayBuffer> {
  const long = new Int16Array(Math.max(samples.length, LEAST_SAMPLES));
  long.set(samples);
  return long;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
}
