import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSentenceCutter, type SentenceCutterOptions } from './sentences.ts';

function cut(chunks: readonly string[], options?: SentenceCutterOptions): string[] {
  const cutter = createSentenceCutter(options);
  return [...chunks.flatMap((chunk) => cutter.push(chunk)), ...cutter.end()];
}

/** Whole sentences; `|` marks where the text is to be cut. */
const sentences: [string, string][] = [
  ['at full stop, question and exclamation mark', 'It is late. |Is it? |Yes! |Good night.'],
  ['not inside a number', 'Pi is 3.14 or so. |And 1,000.50 is more.'],
  ['behind a number that ends a sentence', 'Pi is 3.14. |It is 5. |Done.'],
  ['not behind titles', 'Dr. Smith met Mr. Jones and Mrs. Hill on St. Kilda. |Prof. Lee left.'],
  ['not behind e.g. and i.e.', 'Take fruit, e.g. apples, i.e. Boskoop. |Eat them.'],
  ['not behind U.S. and initials', 'The U.S. Army called J. R. R. Tolkien. |He came.'],
  ['behind p.m. only before a capital', 'At 5 p.m. we leave at 6 p.m. |Then we eat.'],
  ['behind etc. only before a capital', 'Tea, milk, etc. are here. |Tea, etc. |Done.'],
  ['at No. as an answer, not as a number', 'No. |That is No. 5 of ten.'],
  ['not behind list numbers', '1. Milk is out.\n|2. Buy bread.\n|10. Rest.'],
  ['not behind a list number in the line', 'Do this: 1. Mix it all. |2. Bake.'],
  ['not inside times', 'It is 3:05 now. |At 15.30 we go.'],
  ['not inside addresses', 'See https://example.com/a?b=c.d&e=f!g for it. |Or example.com. |Bye.'],
  ['not behind an ellipsis that goes on', 'Well... maybe. |Wait... |No… not yet. |Hm… |Fine.'],
  ['behind closing quotes and brackets', 'He said "Go." |Then (he left.) |“Really?” |Yes.'],
  ['not behind a quotation that goes on', '"Really?" he asked. |"Go!" she said.'],
  ['behind several marks at once', 'What?! |No!! |Yes.'],
  ['behind Markdown', '**Note.** |Then *this.* |Done.'],
  ['in text without capitals', 'it is late. |go to bed! |now? |yes.'],
  ['at line breaks', 'First line\n|second line\r\n|third\n\n|fourth'],
  ['not at a bullet', '- milk\n|- bread\n|* tea'],
  ['at Chinese stops', '你好。|今天几点？|三点！|好的。'],
  ['at Japanese stops, quotes included', '「はい。」|そうです。|本当？|ええ、本当。'],
  ['at Chinese stops beside Latin text', '现在3.14。|OK。|Good.'],
  ['at Hindi and Arabic stops', 'नमस्ते। |कैसे हो? |كيف؟ |نعم.'],
  ['not where no space follows', 'The file.name and a.b.c are one. |Two.'],
  ['keeping leading and trailing space', '  Hello.   |World.  '],
];

describe('createSentenceCutter', () => {
  it.each(sentences)('cuts %s', (_, marked) => {
    const pieces = marked.split('|');
    expect(cut([pieces.join('')], { firstClause: false })).toEqual(pieces);
  });

  it.each([
    ['at a comma', 'Sure, |it is five, as I said, and so on. |Good, bye.'],
    ['at a colon', 'Here they are: |one, two.'],
    ['at a dash', 'Well then — |no.'],
    ['at a Chinese comma', '好的，知道、|现在，三点。|再见，你。'],
    ['not before 4 characters', 'Oh, well, |yes.'],
    ['not inside a number or a time', 'At 3:05 or 1,000 it is. |Then, go.'],
    ['at the sentence where that comes first', 'Yes. |Well, it is.'],
  ])('cuts the first clause %s, then whole sentences', (_, marked) => {
    const pieces = marked.split('|');
    expect(cut([pieces.join('')])).toEqual(pieces);
  });

  it('takes the length of the first clause from its options', () => {
    expect(cut(['Sure, thing, go.'], { minFirstChars: 8 })).toEqual(['Sure, thing, ', 'go.']);
  });

  it('waits at a full stop until it is known what follows', () => {
    const cutter = createSentenceCutter({ firstClause: false });
    expect(cutter.push('It costs 3.')).toEqual([]);
    expect(cutter.push('14. ')).toEqual([]);
    expect(cutter.push('O')).toEqual(['It costs 3.14. ']);
    expect(cutter.push('K.')).toEqual([]);
    expect(cutter.end()).toEqual(['OK.']);
    expect(cutter.end()).toEqual([]);
  });

  it('gives nothing for nothing', () => {
    expect(cut([])).toEqual([]);
    expect(cut(['', ''])).toEqual([]);
  });

  it('cuts a run without a boundary at a space before its limit', () => {
    const pieces = cut(['word '.repeat(50)], { maxChars: 62 });
    expect(pieces.every((piece) => piece.length <= 62 && piece.endsWith('word '))).toBe(true);
    expect(pieces).toHaveLength(5);
  });

  it('prefers a comma in the second half of such a run', () => {
    const text = 'one two three four, five six seven eight nine';
    expect(cut([text], { firstClause: false, maxChars: 34 })[0]).toBe('one two three four, ');
  });

  it('cuts a run without spaces at its limit, never through a character', () => {
    expect(cut(['x'.repeat(25)], { maxChars: 10 }).map((piece) => piece.length)).toEqual([
      10, 10, 5,
    ]);
    expect(cut([`x${'🙂'.repeat(6)}`], { maxChars: 4 })).toEqual(['x🙂', '🙂🙂', '🙂🙂', '🙂']);
  });

  const fragment = fc.constantFrom(
    ...'.|. |! |? |\n|, |... |"|)|。|，|」| |1|3.14|Dr.|e.g. |U.S. |p.m. |word|Next |a|🙂|— |\u2028|**'.split(
      '|',
    ),
  );
  const text = fc.oneof(
    fc.array(fragment, { maxLength: 60 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 80 }),
  );
  const options = fc.record({
    firstClause: fc.boolean(),
    minFirstChars: fc.integer({ min: 1, max: 10 }),
    maxChars: fc.integer({ min: 8, max: 60 }),
  });

  it('gives pieces that joined are the text, none longer than the limit and none empty', () => {
    fc.assert(
      fc.property(text, options, (whole, settings) => {
        const pieces = cut([whole], settings);
        expect(pieces.join('')).toBe(whole);
        for (const { length } of pieces) {
          expect(length).toBeGreaterThan(0);
          expect(length).toBeLessThanOrEqual(settings.maxChars);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same pieces however the text is chunked', () => {
    fc.assert(
      fc.property(
        text,
        options,
        fc.array(fc.integer({ min: 0, max: 7 })),
        (whole, settings, sizes) => {
          const chunks: string[] = [];
          let at = 0;
          for (const size of sizes) {
            chunks.push(whole.slice(at, at + size));
            at += size;
          }
          chunks.push(whole.slice(at));
          expect(cut(chunks, settings)).toEqual(cut([whole], settings));
        },
      ),
      { numRuns: 500 },
    );
  });
});
