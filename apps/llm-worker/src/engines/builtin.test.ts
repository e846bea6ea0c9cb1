import { toJsgf } from '@hearth/core';
import { exampleOf, matchIntent } from '@hearth/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBuiltin } from './builtin.ts';
import type { Passage, Question, RecallQuery, Tools } from './generator.ts';
import { generatorSpec } from './generator-spec.ts';

const timeZone = 'Europe/Berlin';
const builtin = createBuiltin({ timeZone });
/** 15:05 in Berlin. */
const NOW = Date.UTC(2026, 10, 21, 14, 5);
const DAY_MS = 86_400_000;

generatorSpec('builtin', () => createBuiltin({ timeZone }), {
  long: 'help',
  recalling: 'where are my keys',
});

interface Told {
  readonly text: string;
  readonly role?: Passage['role'];
  readonly daysAgo?: number;
}

function memoryOf(...told: Told[]) {
  const calls: { recalled: RecallQuery[]; kept: string[]; forgotten: string[] } = {
    recalled: [],
    kept: [],
    forgotten: [],
  };
  const tools: Tools = {
    async recall(query) {
      calls.recalled.push(query);
      return told
        .map(({ text, role = 'fact', daysAgo = 0 }) => ({ text, role, ts: NOW - daysAgo * DAY_MS }))
        .filter(({ role }) => query.roles.includes(role));
    },
    async remember(fact) {
      calls.kept.push(fact);
    },
    async forget(words) {
      calls.forgotten.push(words);
      return told.length;
    },
    offers: () => [],
    use: () => Promise.reject(new Error('no tools')),
    callTool: () => Promise.reject(new Error('no tools')),
  };
  return { tools, ...calls };
}

async function ask(text: string, tools = memoryOf().tools, more: Partial<Question> = {}) {
  const question = { text, history: [], now: NOW, turnId: 'turn', ...more };
  const { signal } = new AbortController();
  let answer = '';
  let intent: string | undefined;
  for await (const piece of builtin.generateAsync(question, { tools, signal })) {
    answer += piece.text;
    intent = piece.intent;
  }
  return { answer, intent };
}

const answerTo = async (...args: Parameters<typeof ask>) => (await ask(...args)).answer;

describe('the clock', () => {
  it.each([
    ['what time is it', 'It is 3:05 PM.'],
    ["What's the time, please?", 'It is 3:05 PM.'],
    ['hey hearth, could you tell me the time', 'It is 3:05 PM.'],
    ['do you know what time it is?', 'It is 3:05 PM.'],
    ['what is the date today', 'It is Saturday, November 21st, 2026.'],
    ["what's today's date", 'It is Saturday, November 21st, 2026.'],
    ['what day is it', 'It is Saturday.'],
    ['what month is it', 'It is November.'],
    ['what year is it', 'It is the year 2026.'],
  ])('"%s" → %s', async (text, expected) => {
    expect(await answerTo(text)).toBe(expected);
  });

  it.each([
    [Date.UTC(2026, 0, 1, 11), 'It is 12:00 PM, noon.'],
    [Date.UTC(2026, 0, 1, 23), 'It is 12:00 AM, midnight.'],
    [Date.UTC(2026, 0, 1, 23, 1), 'It is 12:01 AM.'],
  ])('tells noon from midnight', async (now, expected) => {
    expect(await answerTo('what time is it', undefined, { now })).toBe(expected);
  });

  it.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [4, '4th'],
    [11, '11th'],
    [12, '12th'],
    [13, '13th'],
    [22, '22nd'],
    [31, '31st'],
  ])('says day %d as %s', async (day, expected) => {
    const now = Date.UTC(2026, 0, day, 10);
    expect(await answerTo('what is the date', undefined, { now })).toContain(
      `January ${expected}, 2026`,
    );
  });
});

describe('arithmetic', () => {
  it.each([
    ['what is fifteen times three', 'Fifteen times three is 45.'],
    ["what's 15*3?", 'Fifteen times three is 45.'],
    ['15 x 3', 'Fifteen times three is 45.'],
    ['2 plus 3 times 4', 'Two plus three times four is 14.'],
    ['how much is ten divided by three', 'Ten divided by three is about 3.333.'],
    ['calculate twenty percent of fifty', 'Twenty percent of fifty is 10.'],
    ['what is 3 minus 10', 'Three minus ten is minus 7.'],
    ['what is 0.1 + 0.2', '0.1 plus 0.2 is 0.3.'],
    ['what is 1 / 30000', 'One divided by 30000 is about 0.0000333.'],
    ['what is 1000 times 1000', 'One thousand times one thousand is 1,000,000.'],
    ['what is the square root of sixteen', 'The square root of sixteen is 4.'],
    ['what is five divided by zero', 'Nothing can be divided by zero, sorry.'],
    ['9 ^ 9 ^ 9', 'That is larger than I can count.'],
    [
      'what is times times 2',
      'I could not make a sum of that. Try something like: what is fifteen times three?',
    ],
  ])('"%s" → %s', async (text, expected) => {
    expect(await answerTo(text)).toBe(expected);
  });
});

describe('remembering', () => {
  it.each([
    [
      'remember that my keys are in the drawer',
      'my keys are in the drawer',
      'I will remember that your keys are in the drawer.',
    ],
    [
      'Remember my Keys are in the Drawer.',
      'my Keys are in the Drawer',
      'I will remember that your Keys are in the Drawer.',
    ],
    [
      'please remember that I am allergic to nuts',
      'I am allergic to nuts',
      'I will remember that you are allergic to nuts.',
    ],
    [
      "don't forget that the wifi password is Blue-42",
      'the wifi password is Blue-42',
      'I will remember that the wifi password is Blue-42.',
    ],
    ['remember to buy milk', 'I have to buy milk', 'I will remember that you have to buy milk.'],
  ])('"%s" keeps "%s"', async (text, kept, answer) => {
    const memory = memoryOf();
    expect(await answerTo(text, memory.tools)).toBe(answer);
    expect(memory.kept).toEqual([kept]);
  });

  it('says so when the memory did not keep it', async () => {
    const tools = { ...memoryOf().tools, remember: () => Promise.reject(new Error('gone')) };
    expect(await answerTo('remember that my keys are here', tools)).toBe(
      'I am sorry, I could not keep that: my memory did not answer.',
    );
  });
});

describe('recalling', () => {
  const KEYS = { text: 'my keys are in the drawer' };

  it.each([
    ['where are my keys', KEYS, 'You told me: your keys are in the drawer.'],
    [
      'Where are my keys?',
      { text: 'My keys are in the drawer.' },
      'You told me: your keys are in the drawer.',
    ],
    ['what did I say about the keys', KEYS, 'You told me: your keys are in the drawer.'],
    ['where did I put my keys', KEYS, 'You told me: your keys are in the drawer.'],
    ['do you know where my keys are', KEYS, 'You told me: your keys are in the drawer.'],
    [
      'what is my wifi name',
      { text: 'my wifi name is Cosy' },
      'You told me: your wifi name is Cosy.',
    ],
    [
      'when is my dentist appointment',
      { text: 'my dentist appointment is on Friday' },
      'You told me: your dentist appointment is on Friday.',
    ],
    [
      'who is my doctor',
      { text: 'my doctor is Anna Bell' },
      'You told me: your doctor is Anna Bell.',
    ],
    [
      'what color is my car',
      { text: 'the color of my car is red' },
      'You told me: the color of your car is red.',
    ],
  ])('"%s" quotes "%s"', async (text, told, expected) => {
    expect(await answerTo(text, memoryOf(told).tools)).toBe(expected);
  });

  it('asks for facts and for what the user said, never for its own chatter', async () => {
    const memory = memoryOf();
    await ask('where are my car keys', memory.tools);
    expect(memory.recalled.map(({ roles }) => roles)).toEqual([['fact'], ['user']]);
    expect(memory.recalled.map(({ text }) => text)).toEqual(['car keys', 'car keys']);
  });

  it('takes a statement of the user, but no question and no command', async () => {
    const said = (text: string) => ({ text, role: 'user' }) as const;
    const memory = memoryOf(
      said('where are my keys'),
      said('have you seen my keys?'),
      said('forget what I said about my keys'),
      said('my keys are at work'),
    );
    expect(await answerTo('where are my keys', memory.tools)).toBe(
      'You told me: your keys are at work.',
    );
  });

  it.each([
    [
      'a fact before something said in passing',
      [{ text: 'my keys are lost', role: 'user' }, { text: 'my keys are in the drawer' }],
    ],
    [
      'more of the question before less',
      [{ text: 'my house keys are lost' }, { text: 'my keys are in the drawer by the car' }],
    ],
    [
      'what is about it before what mentions it',
      [{ text: 'I spilt wine on my car keys' }, { text: 'car keys: in the drawer', daysAgo: 0.5 }],
    ],
    [
      'the newest of equals',
      [{ text: 'my car keys are lost', daysAgo: 0.5 }, { text: 'my car keys are in the drawer' }],
    ],
  ] satisfies [string, Told[]][])('prefers %s', async (_, told) => {
    expect(await answerTo('where are my car keys', memoryOf(...told).tools)).toContain('drawer');
  });

  it.each([
    [0.9, 'You told me: '],
    [1, 'You told me yesterday: '],
    [3, 'You told me three days ago: '],
    [8, 'You told me on November 13th, 2026: '],
  ])('says when it was said, %d days ago', async (daysAgo, expected) => {
    const answer = await answerTo('where are my keys', memoryOf({ ...KEYS, daysAgo }).tools);
    expect(answer).toBe(`${expected}your keys are in the drawer.`);
  });

  it('says so when it knows nothing', async () => {
    expect(await answerTo('where are my keys')).toBe(
      'You have not told me anything about your keys.',
    );
    const unrelated = memoryOf({ text: 'my bank appointment is on Monday' });
    expect(await answerTo('who is my dentist', unrelated.tools)).toBe(
      'You have not told me anything about your dentist.',
    );
  });

  it('says so when the memory does not answer', async () => {
    const tools = { ...memoryOf().tools, recall: () => Promise.reject(new Error('late')) };
    expect(await answerTo('where are my keys', tools)).toBe(
      'My memory did not answer, so I cannot tell you anything about your keys.',
    );
  });
});

describe('forgetting', () => {
  it('forgets by the words that matter', async () => {
    const memory = memoryOf({ text: 'my keys are in the drawer' });
    expect(await answerTo('forget what I said about my keys', memory.tools)).toBe(
      'I have forgotten what you said about your keys.',
    );
    expect(memory.forgotten).toEqual(['keys']);
  });

  it.each(['forget about it', 'forget what I said about the', 'forget everything about my'])(
    'asks back instead of forgetting by "%s"',
    async (text) => {
      const memory = memoryOf();
      await ask(text, memory.tools);
      expect(memory.forgotten).toEqual([]);
    },
  );

  it('says when there was nothing', async () => {
    expect(await answerTo('forget my keys')).toBe(
      'There was nothing about your keys that I could forget.',
    );
  });
});

describe('conversation', () => {
  it.each([
    ['play the beatles', 'music.play', 'I know of no music player yet.'],
    ['play some music', 'music.play', 'I know of no music player yet.'],
    ['turn on the living room light', 'devices.switch', 'I know of no such device yet.'],
    ['turn on the living room lamp', 'devices.switch', 'I know of no such device yet.'],
    ['switch the kitchen lights off', 'devices.switch', 'I know of no such device yet.'],
    [
      'dim the bedroom lamp to fifty percent',
      'devices.brightness',
      'I know of no such device yet.',
    ],
    ['set the light to 120%', 'devices.brightness', 'Brightness goes from 0 to 100 percent.'],
    ['stop', 'control.stop', 'Okay.'],
    ['never mind', 'control.stop', 'Okay.'],
    ['say that again', 'control.repeat', 'I have not said anything yet.'],
  ])('"%s" is %s', async (text, intent, answer) => {
    expect(await ask(text)).toEqual({ intent, answer });
  });

  it.each([
    ['this is a test', 'smalltalk.test'],
    ['hello', 'smalltalk.greeting'],
    ['Hello, Hearth!', 'smalltalk.greeting'],
    ['thank you', 'smalltalk.thanks'],
    ['how are you?', 'smalltalk.wellbeing'],
    ['who are you', 'smalltalk.identity'],
    ['can you hear me', 'smalltalk.presence'],
    ['tell me a joke', 'smalltalk.joke'],
    ['can you help me', 'control.help'],
    ['my cat is hungry', 'memory.statement'],
    ['and so my fellow americans ask not what your country can do for you', 'unknown'],
  ])('"%s" is %s', async (text, intent) => {
    expect((await ask(text)).intent).toBe(intent);
  });

  it('repeats the last thing it said', async () => {
    const history = [
      { role: 'assistant', text: 'It is noon.' },
      { role: 'user', text: 'thanks' },
    ] as const;
    expect(await answerTo('repeat that', undefined, { history })).toBe('It is noon.');
  });

  it('varies from turn to turn, and never within one', async () => {
    const answers = new Set<string>();
    for (let i = 0; i < 20; i += 1) {
      const turn = { turnId: `turn-${i}` };
      const first = await answerTo('hello', undefined, turn);
      expect(await answerTo('hello', undefined, turn)).toBe(first);
      answers.add(first);
    }
    expect(answers.size).toBeGreaterThan(1);
  });
});

describe('the sentences', () => {
  const { grammar, intents } = builtin;

  it('are understood as the intent that declares them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...grammar.patterns),
        fc.infiniteStream(fc.nat()),
        (pattern, choices) => {
          const choose = (count: number) => (choices.next().value ?? 0) % count;
          const sentence = exampleOf(pattern.root, grammar.lists, choose);
          expect([sentence, matchIntent(grammar, sentence)?.intent]).toEqual([
            sentence,
            pattern.intent,
          ]);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('fit into the registry, and each intent but a few can be said aloud', async () => {
    const { intentsSchema } = await import('@hearth/contracts');
    expect(intentsSchema.parse(intents)).toEqual(intents);
    const { rules } = toJsgf(grammar);
    const silent = intents.intents.filter(
      ({ name }) => !rules.includes(`<intent_${name.replace('.', '_2e_')}>`),
    );
    expect(silent.map(({ name }) => name)).toEqual(['memory.statement']);
  });

  it('become a grammar of known words only', () => {
    const { rules, words } = toJsgf(grammar);
    const used = rules.replaceAll(/<\w+>/g, ' ').match(/[a-z']+/g) ?? [];
    expect([...new Set(used)].sort()).toEqual(words);
  });
});
