/** What steers the conversation itself. */
import type { IntentGroup } from './intent.ts';

const ABILITIES =
  'You can ask me for the time or the date, let me work out a sum, or tell me to remember where your things are. ' +
  'Say, for example: what time is it? Or: what is fifteen times three? Or: remember that my keys are in the drawer. ' +
  'Later, ask: where are my keys?';

export const control: IntentGroup = {
  intents: [
    {
      name: 'control.help',
      patterns: [
        'help [me]',
        'what can you do',
        'what can i (say|ask)',
        '~ what (can|do) you (do|know|understand)',
        '~ what can i (say|ask) [you|to you]',
        '~ how (does this|do you) work',
      ],
      answer: () => ABILITIES,
    },
    {
      name: 'control.repeat',
      patterns: [
        'repeat that',
        'say that again',
        'what did you say',
        '~ repeat [it|this] [again]',
        '~ say (it|this) again',
        '~ (once more|pardon|come again|again|what was that)',
      ],
      answer: ({ history }) =>
        history.findLast(({ role }) => role === 'assistant')?.text ??
        'I have not said anything yet.',
    },
    {
      name: 'control.stop',
      patterns: [
        'stop',
        'never mind',
        'cancel',
        'be quiet',
        '~ stop (it|that|talking|now)',
        '~ forget it',
        '~ (nevermind|cancel that|cancel it|shut up|quiet|silence|enough|that is enough|that is all|nothing)',
      ],
      answer: () => 'Okay.',
    },
  ],
};
