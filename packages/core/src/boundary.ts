/** Tells whether a sentence or a clause ends between two characters of a text. */

/** What may stand between the full stop and the space: quotes, brackets, the asterisks of Markdown. */
const CLOSERS = `["'”’»)\\]}>*_\`]*`;

/** Characters of languages that write no space behind the stop; closing quotes and brackets go with it. */
const WIDE_STOP = /[。！？｡][。！？｡!?…"'”’」』）】》〉]*\s*$/u;
const WIDE_COMMA = /[，、；：][”’」』）]*\s*$/u;
const WIDE_CLOSER = /[。！？｡!?…"'”’」』）】》〉]/u;

const STOP = new RegExp(`(?<stops>[.!?…؟۔।॥]+)(?<closers>${CLOSERS})\\s+$`, 'u');
const CLAUSE = new RegExp(`(?:[,;:،؛]${CLOSERS}|\\s—)\\s+$`, 'u');
const LINE_END = /[\n\r\u2028\u2029]\s*$/u;

/** There must be something to say: a lone bullet or bracket is no piece. */
const SAYABLE = /[\p{L}\p{N}]/u;

/** The text behind the last space, without opening quotes and brackets. */
const LAST_WORD = /(?:^|\s)[^\s\p{L}\p{N}]*(?<word>\S*)$/u;

/** The sentence goes on behind these, whatever follows. */
const NEVER_LAST = new Set(
  'mr mrs ms mx dr prof st rev hon gen col sgt capt cmdr lt maj gov sen rep pres messrs mme vs ca approx'.split(
    ' ',
  ),
);

/** The sentence goes on behind these when a number follows: `No. 5`, `p. 12`, `Dec. 24`. */
const BEFORE_NUMBER = new Set(
  'no nos nr vol fig figs ch sec art p pp jan feb mar apr jun jul aug sep sept oct nov dec'.split(
    ' ',
  ),
);

/** These end a sentence when a capital follows. */
const OFTEN_LAST = new Set('etc inc ltd co corp jr sr al est dept min max a.m p.m'.split(' '));

/**
 * @param before the text since the last boundary
 * @param next the character behind it
 */
export function endsSentence(before: string, next: string): boolean {
  if (isSpace(next) || !SAYABLE.test(before)) return false;
  if (LINE_END.test(before)) return true;
  if (WIDE_STOP.test(before)) return !WIDE_CLOSER.test(next);
  const groups = STOP.exec(before)?.groups;
  if (groups === undefined) return false;
  const { stops = '', closers = '' } = groups;
  const goesOn = /\p{Ll}/u.test(next);
  // `"Really?" he asked` and `Well... maybe` go on.
  if (goesOn && (closers !== '' || /\.\.|…/u.test(stops))) return false;
  if (stops !== '.') return true;
  return !isAbbreviation(before.slice(0, before.lastIndexOf('.')), next);
}

export function endsClause(before: string, next: string): boolean {
  if (isSpace(next) || !SAYABLE.test(before)) return false;
  if (WIDE_COMMA.test(before)) return !/[，、；：”’」』）]/u.test(next);
  return CLAUSE.test(before);
}

/** @param before the text up to a full stop, which is left out */
function isAbbreviation(before: string, next: string): boolean {
  const word = LAST_WORD.exec(before)?.groups?.['word'] ?? '';
  const lower = word.toLowerCase();
  const goesOn = /\p{Ll}/u.test(next);
  if (OFTEN_LAST.has(lower)) return goesOn;
  if (NEVER_LAST.has(lower)) return true;
  if (BEFORE_NUMBER.has(lower)) return /\p{N}/u.test(next);
  // `e.g.`, `U.S.`, the initial of a name. A sentence that does end so is only spoken together with the next.
  if (/^(?:\p{L}\.)*\p{L}$/u.test(word)) return true;
  return isListNumber(before);
}

/** `1.` at the beginning of a line, of a piece, or behind a colon. */
function isListNumber(before: string): boolean {
  return /(?:^|[\n\r]|[:;.!?]\s)[\s"'([*_#-]*\d{1,3}$/u.test(before);
}

function isSpace(char: string): boolean {
  return /\s/u.test(char);
}
