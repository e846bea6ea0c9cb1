/** What every engine does with text and with the names of voices before its library sees them. */
import { TtsError } from '../errors.ts';
import { MAX_TEXT_CHARS } from './synthesizer.ts';

/**
 * One line without control characters; empty when there is nothing to say.
 * @throws TtsError TEXT_TOO_LONG
 */
export function readableText(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  if (line.length > MAX_TEXT_CHARS) {
    throw new TtsError('TEXT_TOO_LONG', `${line.length} characters; at most ${MAX_TEXT_CHARS}`);
  }
  return /[\p{L}\p{N}]/u.test(line) ? line : '';
}

/** More would not be read: a message has 500 characters. */
const NAMED_VOICES = 12;

export function unknownVoice(
  engine: string,
  wanted: string,
  has: readonly string[],
  advice = '',
): TtsError {
  const names = has.slice(0, NAMED_VOICES);
  const more = has.length > NAMED_VOICES ? ` and ${has.length - NAMED_VOICES} more` : '';
  const message = `${engine} has no voice "${wanted.slice(0, 64)}"; it has ${names.join(', ')}${more}`;
  return new TtsError('UNKNOWN_VOICE', advice ? `${message}.${advice}` : message);
}
