/** How much of an answer was heard when it was interrupted. */
import type { Answer } from './turn-state.ts';

/** Speech runs at some 15 characters a second. Known better once all of its sound is out. */
const MS_PER_CHARACTER = 1_000 / 15;

/**
 * The beginning of what was handed to the voice, in whole words. Voices are handed text faster than they speak: without
 * this an assistant would refer to what it never got to say.
 */
export function heardOf(answer: Answer, atMs: number | undefined): string {
  const { said, voice, typed, complete, soundingSinceMs, pausedSinceMs, audioMs } = answer;
  if (atMs === undefined || voice === 'broken' || (typed && complete)) return said;
  if (voice === 'silent') return '';
  if (soundingSinceMs === undefined) return said;
  const playedMs = (pausedSinceMs ?? atMs) - soundingSinceMs;
  const msPerCharacter = audioMs === undefined ? MS_PER_CHARACTER : audioMs / said.length;
  return wordsOf(said, Math.floor(playedMs / msPerCharacter));
}

/** The time of a pause does not count. */
export function resumed(
  { soundingSinceMs, pausedSinceMs }: Answer,
  atMs: number | undefined,
): Partial<Answer> {
  if (soundingSinceMs === undefined || pausedSinceMs === undefined || atMs === undefined)
    return { pausedSinceMs: undefined };
  return { soundingSinceMs: soundingSinceMs + atMs - pausedSinceMs, pausedSinceMs: undefined };
}

/** The word that sounded when it was cut off counts as heard. */
function wordsOf(text: string, length: number): string {
  if (length <= 0) return '';
  if (length >= text.length) return text;
  const end = text.slice(length).search(/\s/);
  return end < 0 ? text : text.slice(0, length + end);
}
