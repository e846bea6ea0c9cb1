/**
 * Takes out what Whisper writes although nobody said it.
 *
 * It was trained on subtitles: on silence and noise it writes how films end, or names the noise in brackets. The lists
 * are short and hold whole utterances only, so that nothing is cut out of a sentence.
 */

/** Nobody says these to an assistant. */
const NEVER_SAID = new Set([
  'thanks for watching',
  'thank you for watching',
  'thank you so much for watching',
  'thanks for listening',
  'please subscribe',
  'please subscribe to my channel',
  'like and subscribe',
  'please like and subscribe',
  'dont forget to subscribe',
  'see you in the next video',
  'ill see you in the next video',
  'see you next time',
  'subtitles by the amaraorg community',
  'subtitles by amaraorg',
  'transcription by castingwords',
  'untertitel der amaraorg community',
  'untertitelung des zdf',
  'vielen dank fürs zuschauen',
  'bis zum nächsten mal',
  'sous titres réalisés par la communauté damaraorg',
  'merci davoir regardé cette vidéo',
  'subtítulos realizados por la comunidad de amaraorg',
  'gracias por ver el video',
  'sottotitoli creati dalla comunità amaraorg',
  'ご視聴ありがとうございました',
  'продолжение следует',
]);

/** People do say these: they are taken for invented only where there is no other sign of speech. */
const SELDOM_SAID = new Set([
  'you',
  'the',
  'so',
  'oh',
  'bye',
  'bye bye',
  'okay',
  'thanks',
  'thank you',
  'thank you very much',
  'thank you so much',
  'im sorry',
  'vielen dank',
  'danke',
  'merci',
  'gracias',
]);

/** What a sound is, in brackets, stars or notes: `[BLANK_AUDIO]`, `(wind blowing)`, `*sighs*`, `♪ la la ♪`. */
const DESCRIPTION = /\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|♪[^♪]*♪?|\{[^}]*\}/gu;

/** One word or phrase over and over: the decoder ran in a circle. */
const CIRCLE = /^(.{1,40}?)(?: \1){3,}$/u;

export interface Evidence {
  /** There was hardly a sign of speech in the sound. */
  readonly doubtful: boolean;
}

/** @returns what was said; empty when all of it was invented */
export function withoutInvented(written: string, { doubtful }: Evidence): string {
  const text = written.replace(DESCRIPTION, ' ').replace(/\s+/g, ' ').trim();
  const plain = bare(text);
  if (plain === '' || CIRCLE.test(plain)) return '';
  const sentences = text.split(/(?<=[.!?…。])\s*/u).map(bare);
  const isInvented = (sentence: string) =>
    sentence === '' || NEVER_SAID.has(sentence) || (doubtful && SELDOM_SAID.has(sentence));
  return isInvented(plain) || sentences.every(isInvented) ? '' : text;
}

/** Letters and single spaces: years and signs differ from time to time. */
function bare(text: string): string {
  const joined = text.toLowerCase().replace(/['’.]/gu, '');
  return joined.replace(/[^\p{L}]+/gu, ' ').trim();
}
