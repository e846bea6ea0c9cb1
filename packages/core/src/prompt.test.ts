import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemblePrompt, type PromptParts } from './prompt.ts';

/** A word is a token, as in a language that suits the tokenizer. */
const count = (text: string) => text.match(/\S+/g)?.length ?? 0;
const words = (n: number, word = 'word') => Array.from({ length: n }, () => word).join(' ');

const PARTS: PromptParts = {
  instructions: words(10, 'be'),
  notes: { intro: 'You know:', lines: [] },
  history: [],
  question: 'where are my keys',
};

const prompt = (parts: Partial<PromptParts>, tokens = 200) =>
  assemblePrompt({ ...PARTS, ...parts }, { tokens, count });

describe('a prompt', () => {
  it('is the instructions and the question when there is nothing else', () => {
    const { instructions, messages } = prompt({});
    expect(instructions).toBe(PARTS.instructions);
    expect(messages).toEqual([{ role: 'user', text: 'where are my keys' }]);
  });

  it('has the notes below the instructions, best first', () => {
    const lines = ['- the keys are in the drawer', '- the drawer is red'];
    const { instructions } = prompt({ notes: { intro: 'You know:', lines } });
    expect(instructions).toBe([PARTS.instructions, 'You know:', ...lines].join('\n'));
  });

  it('spends no more than half of the budget on notes, and takes shorter ones where a long one does not fit', () => {
    const lines = [words(60, 'a'), words(60, 'b'), words(30, 'c')];
    const { instructions, kept } = prompt({ notes: { intro: 'You know:', lines } });
    expect(kept.notes).toBe(2);
    expect(instructions).toContain('a a');
    expect(instructions).not.toContain('b b');
    expect(instructions).toContain('c c');
  });

  it('keeps the newest of the history, without gaps, beginning with the user', () => {
    const history = [
      { role: 'user', text: words(5, 'first') },
      { role: 'assistant', text: words(100, 'long') },
      { role: 'user', text: words(40, 'second') },
      { role: 'assistant', text: words(40, 'reply') },
    ] as const;
    expect(prompt({ history }).messages.map(({ text }) => text.split(' ')[0])).toEqual([
      'second',
      'reply',
      'where',
    ]);
    expect(prompt({ history }, 109).messages).toHaveLength(1);
  });

  it('cuts the end off a question that is too long', () => {
    const { messages, tokens } = prompt({ question: `keys ${words(500)}` }, 100);
    expect(messages[0]?.text).toMatch(/^keys word/);
    expect(tokens).toBeLessThanOrEqual(100);
  });

  it('leaves room for a question below instructions that take more than the budget', () => {
    const { messages, kept } = prompt({ instructions: words(500), question: words(500) }, 100);
    expect(count(messages[0]?.text ?? '')).toBe(60);
    expect(kept).toEqual({ notes: 0, history: 0 });
  });

  it('stays within any budget that holds its instructions and a short question', () => {
    const text = fc.integer({ min: 0, max: 80 }).map((n) => words(n));
    const said = fc.record({ role: fc.constantFrom('user', 'assistant'), text });
    fc.assert(
      fc.property(
        fc.record({ lines: fc.array(text), history: fc.array(said), question: text }),
        fc.integer({ min: 100, max: 500 }),
        ({ lines, history, question }, tokens) => {
          const { instructions, messages, kept, ...made } = prompt(
            { notes: { intro: 'You know:', lines }, history, question },
            tokens,
          );
          const all = [instructions, ...messages.map(({ text }) => text)];
          expect(all.reduce((sum, text) => sum + count(text) + 4, 0)).toBe(made.tokens);
          expect(made.tokens).toBeLessThanOrEqual(tokens);
          expect(count(instructions) - 10).toBeLessThanOrEqual(tokens / 2);
          expect(messages.slice(-1 - kept.history, -1)).toEqual(
            kept.history > 0 ? history.slice(-kept.history) : [],
          );
        },
      ),
    );
  });
});
