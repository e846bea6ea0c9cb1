/**
 * Tells a command from other speech. A grammar alone forces everything into one of its sentences.
 *
 * The same sound is decoded twice: with the grammar, and as any sequence of single phones. The free sequence fits every
 * sound; a command fits nearly as well, and often better, because whole words know how their phones run together.
 * Measured is by how much the phones fit better, per frame, between the first and the last word. With 197 commands
 * and 193 other sounds (synthetic voices clean and with noise at 20, 15 and 10 dB, readings, digits, wake words, music,
 * coughs): clean commands lie between -40 and 14, recordings of people between -22 and -5, and other speech, recordings
 * of people included, from 8 upwards with few exceptions. README.md has the table.
 */
import type { Segment } from './decoder.ts';

export interface Evidence {
  /** Best path through the grammar. */
  readonly commands: readonly Segment[];
  /** Best path through the loop of phones. */
  readonly phones: readonly Segment[];
  /** True for each frame in which there is more than the noise of the room; left out while the utterance goes on. */
  readonly loud?: readonly boolean[];
}

export interface Verdict {
  readonly accepted: boolean;
  /** 0.5 at the border, towards 1 the more the grammar fits. */
  readonly confidence: number;
}

/** The longer the speech, the less chance there is in the mean, and the stricter the limit. */
const LIMIT = 4;
const LIMIT_FRAMES = 350;
/** Shorter words are not given more than this length's limit. */
const LEAST_FRAMES = 40;
/** Phones outside of the words that are forgiven: a click, a breath, a cut-off sound. 250 ms. */
const MAX_OUTSIDE_FRAMES = 25;
/** How fast confidence falls with the measure. */
const SPREAD = 4;

const REJECTED: Verdict = { accepted: false, confidence: 0 };

export function judge({ commands, phones, loud }: Evidence): Verdict {
  const words = commands.filter(isSpoken);
  const [first] = words;
  const last = words.at(-1);
  if (!first || !last) return REJECTED;
  const end = last.start + last.length;
  const frames = end - first.start;
  const excess = meanBetween(phones, first.start, end) - meanBetween(commands, first.start, end);
  const limit = LIMIT + LIMIT_FRAMES / Math.max(frames, LEAST_FRAMES);
  return {
    accepted: excess <= limit && (loud === undefined || standsOut(phones, loud, first.start, end)),
    confidence: 1 / (1 + Math.exp((excess - limit) / SPREAD)),
  };
}

/** Not silence, and not one of the model's noises. */
export function isSpoken({ word }: Segment): boolean {
  return !/^[<[+]/.test(word);
}

function meanBetween(segments: readonly Segment[], start: number, end: number): number {
  let sum = 0;
  for (const { start: from, length, score } of segments) {
    sum += score * Math.max(0, Math.min(end, from + length) - Math.max(start, from));
  }
  return sum / Math.max(1, end - start);
}

/** The words are louder than the room, unlike steady noise, and little else is: "repeat after me" is not "repeat that". */
function standsOut(
  phones: readonly Segment[],
  loud: readonly boolean[],
  start: number,
  end: number,
): boolean {
  if (!loud.slice(start, end).includes(true)) return false;
  let outside = 0;
  for (const { start: from, length } of phones.filter(isSpoken)) {
    for (let at = from; at < from + length; at++) {
      if ((at < start || at >= end) && loud[at]) outside++;
    }
  }
  return outside <= MAX_OUTSIDE_FRAMES;
}
