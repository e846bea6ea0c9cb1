import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleOf } from './examples.ts';
import { compileGrammar, matchIntent } from './grammar.ts';
import { parsePattern } from './pattern.ts';

const LISTS = {
  area: ['kitchen', 'living room', 'room 2'],
  thing: ['keys', 'car keys', 'glasses'],
};

function grammarOf(...patterns: string[]) {
  return compileGrammar({ intents: [{ name: 'it', patterns }], lists: LISTS });
}

const slots = (pattern: string, text: string) => matchIntent(grammarOf(pattern), text)?.slots;

describe('a pattern', () => {
  it.each([
    ['turn on [the] {area} (light|lamp)', 'turn on the living room lamp', { area: 'living room' }],
    ['turn on [the] {area} (light|lamp)', 'turn on kitchen light', { area: 'kitchen' }],
    ['turn on the light in {where:area}', 'Turn on light in the Kitchen!', { where: 'kitchen' }],
    ['go to {area}', 'go to room two', { area: 'room 2' }],
    ['dim to {level:number} percent', 'dim to twenty five percent', { level: '25' }],
    ['dim to {level:number} percent', 'dim to 25 percent', { level: '25' }],
    ['where are my {thing}', 'where are my car keys', { thing: 'car keys' }],
    [
      'remember [that] {text:*}',
      'Remember that the Milk is low, ok?',
      { text: 'the Milk is low, ok' },
    ],
    [
      'remember {fact:(my {thing} (is|are) here)}',
      'remember my keys are here',
      { thing: 'keys', fact: 'my keys are here' },
    ],
    ['[what is] {sum:arithmetic}', "what's 15*3?", { sum: '15*3' }],
    ['[what is] {sum:arithmetic}', 'five squared', { sum: 'five squared' }],
    ['~ sup', 'sup', {}],
  ])('%s understands "%s"', (pattern, text, expected) => {
    expect(slots(pattern, text)).toEqual(expected);
  });

  it.each([
    ['turn on', 'turn'],
    ['turn on', 'turn on now'],
    ['{text:*} end', 'end'],
    ['{sum:arithmetic}', '15'],
    ['{n:number}', 'keys'],
    ['{area}', 'garden'],
    ['a (b|c)', 'a'],
  ])('%s does not understand "%s"', (pattern, text) => {
    expect(slots(pattern, text)).toBeUndefined();
  });

  it.each([
    ['(a|b', '")" is missing'],
    ['a]', 'unexpected "]"'],
    ['[]', 'a part without words'],
    ['(a|)', 'a part without words'],
    ['', 'a part without words'],
    ['{}', '"}" is no name of a slot'],
    ['{x:}', 'a slot without a list'],
    ['{nowhere}', 'there is no list "nowhere"'],
    ['{constructor}', 'there is no list "constructor"'],
    ['[please]', 'it would match silence'],
    ['a | *', 'unexpected "*"'],
  ])('%s is refused: %s', (pattern, problem) => {
    const error = expect.objectContaining({
      code: 'BAD_PATTERN',
      message: expect.stringContaining(problem),
    });
    expect(() => grammarOf(pattern)).toThrow(error);
    expect(() => grammarOf(pattern)).toThrow(`it, pattern "${pattern}"`);
  });
});

describe('a text', () => {
  const grammar = grammarOf(
    'what is the time',
    'thank you',
    'can you hear me',
    'turn on twenty five',
  );

  it.each([
    'what is the time',
    'What is the time?',
    "what's the time",
    'What’s the time??',
    'whats the time',
    'what is time',
    'the what is the time the',
    'please what is the time',
    'Hey Hearth, could you please... what is the time, please? Thanks!',
    'thank you',
    'Thank you, Hearth.',
    'can you hear me',
    'turn on 25',
  ])('"%s" is understood', (text) => {
    expect(matchIntent(grammar, text)?.intent).toBe('it');
  });

  it.each(['', ' ', '?!', 'please', 'the', 'what', 'time is the what', '🙂', '\u0000'])(
    '"%s" is not',
    (text) => {
      expect(matchIntent(grammar, text)).toBeUndefined();
    },
  );

  it('goes to the pattern with the fewest free words, then to the first', () => {
    const grammar = compileGrammar({
      intents: [
        { name: 'any', patterns: ['what is {text:*}'] },
        { name: 'mine', patterns: ['what is my {text:*}'] },
        { name: 'name', patterns: ['what is my name'] },
        { name: 'later', patterns: ['what is my name'] },
      ],
      lists: {},
    });
    expect(matchIntent(grammar, 'what is my name')?.intent).toBe('name');
    expect(matchIntent(grammar, 'what is my age')?.intent).toBe('mine');
    expect(matchIntent(grammar, 'what is love')?.intent).toBe('any');
  });

  it('costs a bounded number of steps, whatever it holds', () => {
    const hostile = grammarOf(
      '{a:*} and {b:*} and {c:*} and {d:*} end',
      '[[a] [a] [a] [a]] [the] [the] [the] {area} [the] [a [a [a]]] b',
      '{sum:arithmetic} {sum:arithmetic} end',
      '{x:*} {y:*} {z:*} end',
    );
    for (const unit of [
      'and ',
      'the ',
      'a ',
      '1+',
      '-',
      '(',
      'living ',
      "what's ",
      'hundred and ',
      'please ',
    ]) {
      const text = unit.repeat(Math.floor(8_000 / unit.length));
      expect(matchIntent(hostile, text)).toBeUndefined();
    }
    expect(matchIntent(hostile, 'x '.repeat(4_001))).toBeUndefined();
  });
});

/** Patterns made at random. Words are letters that mean nothing else. */
const patterns: fc.Arbitrary<string> = fc.letrec<{ pattern: string; item: string }>((tie) => ({
  pattern: fc.array(tie('item'), { minLength: 1, maxLength: 4 }).map((items) => items.join(' ')),
  item: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('foo', 'bar', 'the', 'baz', 'what is', "what's"),
    // Numbers side by side are one number in a text, so a word stands behind each.
    fc.constantFrom('{area} foo', '{n:number} foo', '{sum:arithmetic} foo', 'twenty foo'),
    fc.constantFrom('{thing}', '{text:*}'),
    tie('pattern').map((inner) => `[${inner}]`),
    tie('pattern').map((inner) => `{part:(${inner})}`),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(${a} | ${b})`),
  ),
})).pattern;

describe('every sentence of every pattern', () => {
  it('is understood', () => {
    const cases = patterns.map((pattern) => `start ${pattern} stop`);
    fc.assert(
      fc.property(cases, fc.infiniteStream(fc.nat()), (pattern, choices) => {
        const choose = (count: number) => (choices.next().value ?? 0) % count;
        const sentence = exampleOf(parsePattern(pattern).root, LISTS, choose);
        return slots(pattern, sentence) !== undefined;
      }),
      { numRuns: 500 },
    );
  });
});
