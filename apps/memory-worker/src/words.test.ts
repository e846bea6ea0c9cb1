import { describe, expect, it } from 'vitest';
import { baseForm, isQuestion, searchWords, textKey } from './words.ts';

describe('searchWords', () => {
  it.each([
    ["What's my cat's name?", ['cat', 'name']],
    ['Don’t you know where the KEYS are', ['know', 'keys']],
    ["Don's birthday", ['don', 'birthday']],
    ['milk, milk and more milk', ['milk']],
    ['call 555-1234', ['call', '555', '1234']],
    ['Où est la clé', ['où', 'est', 'la', 'clé']],
    ['what is it', []],
  ])('of %j are %j', (text, words) => {
    expect(searchWords(text)).toEqual(words);
  });

  it('are at most 64', () => {
    expect(searchWords(Array.from({ length: 200 }, (_, i) => `w${i}`).join(' '))).toHaveLength(64);
  });
});

it.each([
  ['where are my keys', true],
  ["what's the time", true],
  ['ok so where is it', true],
  ['my cat is called what?', true],
  ['tell me where my keys are', true],
  ['do you know my name', true],
  ['my keys are where they were', false],
  ['island holidays are nice', false],
  ['remember that my cat is called Biscuit', false],
])('%j is a question: %j', (text, expected) => {
  expect(isQuestion(text)).toBe(expected);
});

it.each([
  ['keys', 'key'],
  ['boxes', 'box'],
  ['batteries', 'battery'],
  ['houses', 'house'],
  ['glass', 'glass'],
  ['bus', 'bus'],
  ['clés', 'cle'],
])('%j and %j have one base form', (a, b) => {
  expect(baseForm(a)).toBe(baseForm(b));
});

it('texts that differ in case, spacing and punctuation have one key', () => {
  expect(textKey('Turn on,  the light!')).toBe(textKey('turn on the light'));
  expect(textKey('😀')).not.toBe(textKey('🎉'));
});
