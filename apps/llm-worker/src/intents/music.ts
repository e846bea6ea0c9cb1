/** Music. No player is connected yet: the sentences are understood, and the answer says so. */
import type { IntentGroup } from './intent.ts';

export const music: IntentGroup = {
  lists: {
    artists: [
      'the beatles',
      'the rolling stones',
      'bob dylan',
      'david bowie',
      'elvis presley',
      'johnny cash',
      'madonna',
      'miles davis',
      'mozart',
      'pink floyd',
      'queen',
    ],
    genres: ['music', 'jazz', 'rock', 'classical music', 'folk music'],
  },
  intents: [
    {
      name: 'music.play',
      patterns: [
        'play {artist:artists}',
        'play [some] {genre:genres}',
        '~ play {what:*}',
        '~ (put on|listen to) {what:*}',
      ],
      answer: () => 'I know of no music player yet.',
    },
  ],
};
