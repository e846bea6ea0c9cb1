import { describe, expect, it } from 'vitest';
import { hideWords } from './hide-words.ts';

describe('hidden words', () => {
  it('shows the length of what was said, and what programs say as it is', () => {
    const done = {
      state: 'done',
      outcome: 'failed',
      heard: 'call my mother',
      answer: '',
      error: { code: 'NO_LLM', message: 'There is no model.' },
    };
    expect(hideWords(done)).toEqual({
      state: 'done',
      outcome: 'failed',
      heard: '(14 characters)',
      answer: '(0 characters)',
      error: { code: 'NO_LLM', message: 'There is no model.' },
    });
  });

  it('hides the text of the plain-text topics and of everything nested', () => {
    expect(hideWords('hello')).toBe('(5 characters)');
    expect(hideWords({ passages: [{ id: 1, role: 'fact', text: 'the key' }] })).toEqual({
      passages: [{ id: 1, role: 'fact', text: '(7 characters)' }],
    });
  });

  it('counts long lists instead of showing them', () => {
    expect(hideWords({ patterns: Array(30).fill('x') })).toEqual({ patterns: '(30 items)' });
  });
});
