import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSpeakable, speakable } from './speakable.ts';

const said = (cases: Record<string, string>): void => {
  for (const [written, spoken] of Object.entries(cases)) {
    it(JSON.stringify(written), () => {
      expect(speakable(written)).toBe(spoken);
    });
  }
};

describe('plain sentences stay as they are', () => {
  said({
    'The kitchen light is on.': 'The kitchen light is on.',
    "It's Dr. Smith's turn, isn't it?": "It's Dr. Smith's turn, isn't it?",
    'It is 3:05 and 20% of it is done.': 'It is 3:05 and 20% of it is done.',
    'Wait... what?': 'Wait... what?',
    'A well-known 3-5 minute egg (soft).': 'A well-known 3-5 minute egg (soft).',
    'At 7 p.m. or 7:00 am.': 'At 7 p.m. or 7:00 am.',
  });
});

describe('markup is not read out', () => {
  said({
    'This is **very** *nice* and __bold__ and _slanted_ and ~~gone~~.':
      'This is very nice and bold and slanted and gone.',
    '# Weather\nRain.': 'Weather. Rain.',
    '- milk\n- bread\n* eggs\n• tea': 'milk. bread. eggs. tea.',
    '- [x] done\n- [ ] open': 'done. open.',
    '1. first\n2. second': '1. first. 2. second.',
    '> quoted words': 'quoted words',
    'above\n\n---\n\nbelow': 'above below',
    'Use `hearth up` to start.': 'Use hearth up to start.',
    'Before\n```ts\nconst a = 1;\n```\nafter.': 'Before after.',
    '~~~\nx\n~~~': '',
    '| Room | Light |\n|------|:-----:|\n| Hall | on |': 'Room, Light. Hall, on.',
    '<p>One<br>two</p><b>three</b>': 'One two three',
    'Fish &amp; chips &#33; &lt;b&gt;': 'Fish and chips! b',
    '<script>alert(1)</script>Hello': 'Hello',
    'A note[^1].': 'A note.',
    '5 \\* 3 is \\# fine': '5 times 3 is fine',
  });
});

describe('of a link the words are read, never the address', () => {
  said({
    'See [the manual](https://example.org/a_b(c)?d=e).': 'See the manual.',
    '![A cat](cat.png)': 'A cat',
    'See [it][1]\n[1]: https://example.org': 'See it',
    'See https://example.org/x?y=1.': 'See a link.',
    '<https://example.org>': 'a link',
    'Go to www.example.org, please.': 'Go to a link, please.',
    'Write to jo@example.org.': 'Write to jo at example dot org.',
  });
});

describe('emoji are not read out', () => {
  said({
    'Done! 🎉': 'Done!',
    '😀👍🏽': '',
    'The 👨‍👩‍👧 family 🇩🇪 and 1️⃣ more ❤️.': 'The family and more.',
    'Good ☀️ morning': 'Good morning',
  });
});

describe('numbers are said with their units', () => {
  said({
    'It is 21.5°C outside.': 'It is 21.5 degrees Celsius outside.',
    '70 °F, 1° or 5 °': '70 degrees Fahrenheit, 1 degree or 5 degrees',
    '−3 ℃': 'minus 3 degrees Celsius',
    '-5°': '-5 degrees',
    '€5 or 1 € or £3.50 or €2.00': '5 euros or 1 euro or 3 pounds 50 or 2 euros',
    '$1,000, $5.25 and $2 million': '1,000 dollars, 5 dollars 25 and 2 million dollars',
    '100 km/h, 1 km, 2.5 kg, 60W and 3kWh':
      '100 kilometres per hour, 1 kilometre, 2.5 kilograms, 60 watts and 3 kilowatt hours',
    'Set 20 min and 10 s.': 'Set 20 minutes and 10 seconds.',
    '5 in the box, 3 a day, 7 am': '5 in the box, 3 a day, 7 am',
    '7:00, 23:00, 00:15, 0:00': "7 o'clock, 23 hundred, zero 15, midnight",
    '2026-11-21': 'November 21, 2026',
    '2½ cups, ½ cup, 3/4 cup': '2 and a half cups, a half cup, three quarters cup',
    '2 + 2 = 4': '2 plus 2 equals 4',
    '3 × 4, 8 ÷ 2, 5 - 3': '3 times 4, 8 divided by 2, 5 minus 3',
    '10–12 and ~5': '10 to 12 and about 5',
    'No. 5 or #5': 'No. 5 or number 5',
    'a < b and 5 >= 3': 'a less than b and 5 at least 3',
  });
});

describe('abbreviations and signs are said as words', () => {
  said({
    'Fruit, e.g. apples, i.e. food vs. tools':
      'Fruit, for example apples, that is food versus tools',
    'salt & pepper': 'salt and pepper',
    'Lamp — hall – on': 'Lamp, hall, on',
    '“Yes”, it’s on…': '"Yes", it\'s on...',
    'Turn the AC on': 'Turn the A C on',
    'snake_case and/or C++': 'snake case and or C plus plus',
    'naïve café, 日本': 'naïve café, 日本',
  });
});

describe('a text that comes in pieces', () => {
  it('keeps a code block silent until a later piece closes it', () => {
    const next = createSpeakable();
    expect(next('Look:\n```js\nfoo().')).toBe('Look:');
    expect(next(' bar!')).toBe('');
    expect(next('\n```\nThat was it.')).toBe('That was it.');
  });

  it('starts anew for every call of speakable', () => {
    expect(speakable('```\ncode')).toBe('');
    expect(speakable('words')).toBe('words');
  });
});

describe('whatever comes in', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc
      .array(fc.constantFrom(...Array.from('*_`|<>[]()#~-=&;:/.\\ \n1a€°')), { maxLength: 80 })
      .map((parts) => parts.join('')),
  );

  it('comes out as one line without markup, addresses or control characters', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const spoken = speakable(text);
        expect(spoken).not.toMatch(/[\p{Cc}*`|<>~_{}\\]|https?:|\p{Extended_Pictographic}/u);
        expect(spoken).toBe(spoken.trim());
      }),
      { numRuns: 500 },
    );
  });

  it('says nothing where there is no letter or digit', () => {
    for (const text of ['', '   ', '!!!', '...', '---', '**', '| | |', '\n\n', '🎉']) {
      expect(speakable(text)).toBe('');
    }
  });

  it('soon, also for text that was made to be slow', () => {
    for (const unit of [
      '[',
      '<a',
      '*a',
      '_',
      '`',
      '(',
      '|',
      '&#',
      '1 ',
      '- ',
      'a.',
      '![](',
      '~',
      '9,',
      'www.',
    ]) {
      // Ten times what one piece may hold; a pattern that backtracks would run into the test's limit.
      expect(typeof speakable(unit.repeat(Math.ceil(20_000 / unit.length)))).toBe('string');
    }
  });
});
