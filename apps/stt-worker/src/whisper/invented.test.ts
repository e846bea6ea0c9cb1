import { describe, expect, it } from 'vitest';
import { withoutInvented } from './invented.ts';

const sure = { doubtful: false };
const doubtful = { doubtful: true };

describe('what Whisper invents', () => {
  it.each([
    '',
    ' . ',
    '[BLANK_AUDIO]',
    ' (wind blowing) [MUSIC]',
    '*sighs*',
    '♪ ♪',
    'Thanks for watching!',
    ' Thank you for watching. Please subscribe.',
    "Don't forget to subscribe!",
    'Subtitles by the Amara.org community',
    'Untertitelung des ZDF, 2020',
    'ご視聴ありがとうございました。',
    'go go go go go',
    'I am. I am. I am. I am. I am.',
  ])('is no text: %s', (written) => {
    expect(withoutInvented(written, sure)).toBe('');
  });

  it.each(['Thank you.', 'you', ' Bye-bye.', 'Thank you. Thank you.'])(
    'is no text where nothing sounds like speech: %s',
    (written) => {
      expect(withoutInvented(written, doubtful)).toBe('');
      expect(withoutInvented(written, sure)).toBe(written.trim());
    },
  );

  it.each([
    ['Thank you for the music.', 'Thank you for the music.'],
    [' Turn on the light. Thank you.', 'Turn on the light. Thank you.'],
    ['What time is it? [BLANK_AUDIO]', 'What time is it?'],
    ['no no', 'no no'],
  ])('is not looked for inside of what was said: %s', (written, text) => {
    expect(withoutInvented(written, doubtful)).toBe(text);
  });
});
