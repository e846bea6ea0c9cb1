/** A grammar as JSGF, the form that grammar recognisers read. */
import type { Grammar } from './grammar.ts';
import { NUMBER_WORDS, numberInWords } from './numbers.ts';
import type { Pattern } from './pattern.ts';
import { tokenize } from './tokens.ts';

export interface Jsgf {
  /** Rule definitions without a header; `<command>` is where to start, and not public. */
  readonly rules: string;
  /** Every word in the rules, lower case, sorted. */
  readonly words: string[];
}

/** Nothing can be said: a rule that never matches. */
const NOTHING = '<VOID>';

/** Patterns for typed text are left out, and list values that hold anything but letters a to z and numbers. */
export function toJsgf(grammar: Grammar): Jsgf {
  const words = new Set<string>();
  const rules = new Map<string, string>();
  const writer: Writer = {
    lists: grammar.lists,
    word(word) {
      words.add(word);
      return word;
    },
    rule(name, body) {
      if (!rules.has(name)) rules.set(name, body(writer));
      return rules.get(name) === NOTHING ? NOTHING : `<${name}>`;
    },
  };
  const commands = commandRules(grammar, writer);
  for (const [name, bodies] of commands) rules.set(name, bodies.join(' | '));
  rules.set('intents', [...commands.keys()].map((name) => `<${name}>`).join(' | ') || NOTHING);
  rules.set('command', `[${writer.word('please')}] <intents> [please]`);
  return {
    rules: [...rules].map(([name, body]) => `<${name}> = ${body};\n`).join(''),
    words: [...words].sort(),
  };
}

interface Writer {
  readonly lists: Grammar['lists'];
  word(word: string): string;
  /** Writes a rule on its first use. @returns its name in brackets, or `<VOID>` when it can never match */
  rule(name: string, body: (writer: Writer) => string): string;
}

function ruleName(name: string): string {
  // Two names that differ in signs only must not become one rule.
  return name.replaceAll(/[^a-zA-Z0-9]/g, (sign) => `_${sign.codePointAt(0)?.toString(16)}_`);
}

function commandRules(grammar: Grammar, writer: Writer): Map<string, string[]> {
  const bodies = new Map<string, string[]>();
  for (const { intent, root, typedOnly } of grammar.patterns) {
    const body = typedOnly ? undefined : write(root, writer);
    if (!body) continue;
    const rule = `intent_${ruleName(intent)}`;
    bodies.set(rule, [...(bodies.get(rule) ?? []), contract(body, writer)]);
  }
  return bodies;
}

/** People say `what's` where the pattern says `what is`. */
function contract(body: string, writer: Writer): string {
  return body.replaceAll(
    /(?<![\w'])(what|where|who|when|how) is(?![\w'])/g,
    (both, word: string) => `(${both} | ${writer.word(`${word}'s`)})`,
  );
}

/** @returns undefined when the pattern can not be said */
function write(pattern: Pattern, writer: Writer): string | undefined {
  switch (pattern.kind) {
    case 'word':
      return writeWords(pattern.word, writer);
    case 'sequence': {
      const items = pattern.items.map((item) => write(item, writer));
      return items.includes(undefined) ? undefined : items.filter(Boolean).join(' ');
    }
    case 'choice': {
      const options = pattern.options.flatMap((option) => write(option, writer) ?? []);
      return options.length > 0 ? `(${options.join(' | ')})` : undefined;
    }
    case 'optional': {
      const item = write(pattern.item, writer);
      // An option that cannot be said is left out; the rest can.
      return item === undefined ? '' : `[${item}]`;
    }
    case 'part':
      return write(pattern.item, writer);
    case 'list': {
      const values = (writer: Writer) => listRule(pattern.list, writer);
      const rule = writer.rule(`list_${ruleName(pattern.list)}`, values);
      return rule === NOTHING ? undefined : rule;
    }
    case 'number':
      return writer.rule('number', numberRule);
    case 'arithmetic':
      return writer.rule('arithmetic', arithmeticRule);
    case 'text':
      return undefined;
  }
}

/** @returns undefined when a word has letters that no English recogniser knows */
function writeWords(source: string, writer: Writer): string | undefined {
  const words = tokenize(source).flatMap(({ text, kind }) =>
    kind === 'number' ? numberInWords(Number(text)).split(' ') : kind === 'word' ? [text] : [],
  );
  if (words.length === 0 || words.some((word) => !/^[a-z]+(?:'[a-z]+)*$/.test(word)))
    return undefined;
  return words.map((word) => writer.word(word)).join(' ');
}

function listRule(list: string, writer: Writer): string {
  const values = writer.lists[list] ?? [];
  return values.flatMap((value) => writeWords(value, writer) ?? []).join(' | ') || NOTHING;
}

/** 0 to 1000, put together from parts: a thousand alternatives would slow the recogniser down. */
function numberRule(writer: Writer): string {
  const small = writer.rule('number_below_hundred', belowHundred);
  const digit = writer.rule('number_digit', digits);
  const and = `[[${writer.word('and')}] ${small}]`;
  const [zero, one, a] = ['zero', 'one', 'a'].map((word) => writer.word(word));
  const [hundred, thousand] = ['hundred', 'thousand'].map((word) => writer.word(word));
  return `${zero} | ${small} | (${digit} | ${a}) ${hundred} ${and} | (${one} | ${a}) ${thousand}`;
}

function digits(writer: Writer): string {
  return NUMBER_WORDS.ones
    .slice(1, 10)
    .map((word) => writer.word(word))
    .join(' | ');
}

function belowHundred(writer: Writer): string {
  const digit = writer.rule('number_digit', digits);
  const teens = NUMBER_WORDS.ones
    .slice(10)
    .map((word) => writer.word(word))
    .join(' | ');
  return `${digit} | ${teens} | (${NUMBER_WORDS.tens.map((word) => writer.word(word)).join(' | ')}) [${digit}]`;
}

/** One operator between two numbers: longer sums are seldom spoken and often misheard. */
function arithmeticRule(writer: Writer): string {
  const number = writer.rule('number', numberRule);
  const phrase = (words: string) =>
    words
      .split(' ')
      .map((word) => writer.word(word))
      .join(' ');
  const between = ['plus', 'minus', 'times', 'multiplied by', 'divided by', 'percent of'];
  const squared = `${number} ${phrase('squared')} | ${phrase('the square root of')} ${number}`;
  return `${number} (${between.map(phrase).join(' | ')}) ${number} | ${squared}`;
}
