import { describe, expect, it } from 'vitest';
import { otherPerson } from './pronouns.ts';

describe('the other person', () => {
  it.each([
    ['my keys are in the drawer', 'your keys are in the drawer'],
    ['My keys are in the drawer', 'Your keys are in the drawer'],
    ['I am allergic to nuts', 'you are allergic to nuts'],
    ["I'm allergic to nuts", "you're allergic to nuts"],
    ['I was in Rome', 'you were in Rome'],
    ['you are my friend', 'I am your friend'],
    ['you were late', 'I was late'],
    ['I love you', 'you love me'],
    ['you love me', 'I love you'],
    ['the red one is mine', 'the red one is yours'],
    ['I think you are nice', 'you think I am nice'],
    ['the keys I gave you are in my car', 'the keys you gave me are in your car'],
    ['I told you that you like tea', 'you told me that I like tea'],
    ['am I late', 'are you late'],
    ['our car is at the station', 'your car is at the station'],
    ['Anna, my sister, lives in Bern.', 'Anna, your sister, lives in Bern.'],
    ['the milk is in the fridge', 'the milk is in the fridge'],
    ['', ''],
  ])('"%s" becomes "%s"', (text, expected) => {
    expect(otherPerson(text)).toBe(expected);
  });
});
