/** Tells speech from what a room sounds like: speech has gaps, a fan has none. */

/** 2 s in windows of 20 ms. In two seconds of the most fluent speech there are more than 80 ms of gaps. */
export const MEMORY_WINDOWS = 100;

/** How far above the noise speech stands. Steady noise varies by 3 dB, that of a rumbling fan by 6. */
const MARGIN_DB = 10;

/** Below this nothing is speech, however quiet the room: 9 dB less than quiet speech at the other end of it. */
const QUIETEST_SPEECH_DB = -54;

/** What a room is taken for when a recording is too short to tell. */
const USUAL_ROOM_DB = -55;

/** The quietest 4 % are left out: a dropped packet is silence in the middle of noise. */
const DROPOUTS = 0.04;

/** @param levels of the last two seconds @returns the level above which there is speech */
export function speechThresholdDb(levels: readonly number[]): number {
  const floor = levels.toSorted((a, b) => a - b)[Math.floor(levels.length * DROPOUTS)];
  return Math.max(QUIETEST_SPEECH_DB, (floor ?? USUAL_ROOM_DB) + MARGIN_DB);
}

/** The same for a recording so short that all of it may be one word without a gap. */
export function thresholdOfShortDb(levels: readonly number[]): number {
  return Math.min(speechThresholdDb(levels), USUAL_ROOM_DB + MARGIN_DB);
}

/**
 * How many of the first `count` windows stand out from what came within the two seconds after them. Noise that was
 * switched on stands out from the quiet before it, and only later turns out to stay.
 */
export function outstanding(levels: readonly number[], count: number): number {
  return levels.slice(0, count).filter((level, i) => {
    const after = levels.slice(i, i + MEMORY_WINDOWS);
    return level > Math.min(...after) + MARGIN_DB;
  }).length;
}
