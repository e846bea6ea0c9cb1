/** Which frames are louder than the room, by the levels of the utterance itself. */
import { levelDb } from '@hearth/core';
import { SPEECH_RATE_HZ } from '@hearth/contracts';
import { FRAME_MS } from './decoder.ts';

const FRAME_SAMPLES = (SPEECH_RATE_HZ * FRAME_MS) / 1000;
/** Where the quietest and the loudest differ by less, there is nothing to tell apart. */
const LEAST_RANGE_DB = 6;

/** One value per frame. */
export function loudFrames(samples: Int16Array): boolean[] {
  const levels = Array.from({ length: Math.ceil(samples.length / FRAME_SAMPLES) }, (_, i) =>
    levelDb(samples.subarray(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES)),
  );
  const sorted = levels.toSorted((a, b) => a - b);
  const floor = sorted[Math.floor(sorted.length * 0.1)] ?? 0;
  const peak = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  if (peak - floor < LEAST_RANGE_DB) return levels.map(() => false);
  return levels.map((level) => level > (floor + peak) / 2);
}
