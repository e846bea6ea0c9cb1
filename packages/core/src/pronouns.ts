/** Turns what one speaker said into what the other one says: `my keys` becomes `your keys`, and back. */

const SWAPS: ReadonlyMap<string, string> = new Map([
  ['my', 'your'],
  ['your', 'my'],
  ['mine', 'yours'],
  ['yours', 'mine'],
  ['myself', 'yourself'],
  ['yourself', 'myself'],
  ['me', 'you'],
  ['i', 'you'],
  ["i'm", "you're"],
  ["i've", "you've"],
  ["i'll", "you'll"],
  ["i'd", "you'd"],
  ["you're", "I'm"],
  ["you've", "I've"],
  ["you'll", "I'll"],
  ["you'd", "I'd"],
  ['our', 'your'],
  ['ours', 'yours'],
  ['us', 'you'],
  ['we', 'you'],
  ["we're", "you're"],
  ["we've", "you've"],
  ["we'll", "you'll"],
]);

/** Forms of `be` that go with a pronoun beside them. */
const BE: ReadonlyMap<string, string> = new Map([
  ['i am', 'are'],
  ['i was', 'were'],
  ['you are', 'am'],
  ['you were', 'was'],
]);

/** `you` in front of these is who acts; elsewhere it is whom it happens to. */
const ACTS = new Set(
  (
    'have had do did will would can could should shall may might must never always ' +
    'know like love want need said told think live work'
  ).split(' '),
);
/** Behind these begins a clause, and `you` is who acts in it. */
const CLAUSE_STARTS = new Set(
  (
    'and but or that if when while because since so as what where who whom how why which ' +
    'think know hope believe said say guess sure glad are were do did can will'
  ).split(' '),
);

/** Spaces, signs and the case of a first letter stay as they are. */
export function otherPerson(text: string): string {
  const pieces = text.split(/([\p{L}\p{M}]+(?:['’]\p{L}+)*)/u);
  const words = pieces.map((piece) => piece.toLowerCase().replaceAll('’', "'"));
  return pieces.map((piece, i) => (i % 2 === 0 ? piece : flip(words, i, piece))).join('');
}

/** @param i words stand at odd places, what is between them at even ones */
function flip(words: readonly string[], i: number, piece: string): string {
  const word = words[i] ?? '';
  const be = beForm(words, i, word);
  if (be !== undefined) return be;
  const swapped = word === 'you' ? youAs(words, i) : SWAPS.get(word);
  if (swapped === undefined) return piece;
  const capital = /^\p{Lu}/u.test(piece) && !/^i\b/.test(word);
  return capital ? swapped.charAt(0).toUpperCase() + swapped.slice(1) : swapped;
}

function beForm(words: readonly string[], i: number, word: string): string | undefined {
  const [before = '', after = ''] = [words[i - 2], words[i + 2]];
  const acts = (pronoun: string, at: number) => pronoun !== 'you' || startsClause(words, at);
  if (acts(before, i - 2)) {
    const form = BE.get(`${before} ${word}`);
    if (form !== undefined) return form;
  }
  // A question: `am I`, `are you`.
  return BE.get(`${after} ${word}`);
}

function youAs(words: readonly string[], i: number): string {
  return startsClause(words, i) || ACTS.has(words[i + 2] ?? '') ? 'I' : 'me';
}

function startsClause(words: readonly string[], i: number): boolean {
  const before = words[i - 2];
  return before === undefined || CLAUSE_STARTS.has(before) || /[.,;:!?]/.test(words[i - 1] ?? '');
}
