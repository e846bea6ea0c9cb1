/** What people say to be friendly, or to see whether anybody is there. */
import type { Asked, Intent, IntentGroup } from './intent.ts';

export const smalltalk: IntentGroup = {
  intents: [
    say(
      'smalltalk.greeting',
      [
        '(hello|hi|good morning|good afternoon|good evening) [hearth]',
        '~ (hey|howdy|greetings) [there] [hearth]',
        '~ (hello|hi) there',
      ],
      'Hello! What can I do for you?',
      'Hello there!',
      'Hi! I am listening.',
    ),
    say(
      'smalltalk.wellbeing',
      [
        'how are you [doing] [today]',
        '~ how is it going',
        '~ how do you do',
        '~ are you (okay|ok|fine|well)',
      ],
      'I am fine, thank you. All my processes are running.',
      'Very well, thank you. How can I help?',
    ),
    say(
      'smalltalk.thanks',
      ['(thank you|thanks) [very much|so much|a lot] [hearth]', '~ many thanks', '~ cheers'],
      'You are welcome.',
      'My pleasure.',
      'Any time.',
    ),
    say(
      'smalltalk.identity',
      [
        '(who|what) are you',
        'what is your name',
        'who is this',
        '~ (who|what) is hearth',
        '~ introduce yourself',
        '~ are you (a robot|human|a human|a computer)',
      ],
      'I am Hearth, your voice assistant at home. Everything you say to me stays in this house.',
      'My name is Hearth. I live on a small computer in this house.',
    ),
    say(
      'smalltalk.presence',
      [
        'can you hear me',
        'do you hear me',
        'are you there',
        '~ are you (listening|awake)',
        '~ anybody (home|there)',
      ],
      'Yes, I can hear you.',
      'I am here.',
    ),
    say(
      'smalltalk.test',
      ['this is a test', '~ [just] testing', '~ test [test] [test]'],
      'The test has arrived, loud and clear.',
      'I heard your test. Everything works so far.',
    ),
    say(
      'smalltalk.joke',
      [
        'tell me a joke',
        '~ (say something funny|make me laugh|do you know a joke|know any jokes)',
        '~ [tell me] another joke',
      ],
      'Why did the scarecrow get a prize? He was outstanding in his field.',
      'I would tell you a joke about memory, but I forgot it. No, wait, I did not.',
      'What do you call a fish without eyes? A fsh.',
    ),
    say(
      'smalltalk.praise',
      [
        '(well done|good job)',
        '~ (good|nice|great|perfect|excellent|cool|awesome)',
        '~ you are (great|good|nice|clever|smart|funny|the best|awesome)',
        '~ i (like|love) you',
      ],
      'Thank you, that is kind.',
      'I am glad to hear that.',
    ),
    say(
      'smalltalk.goodbye',
      [
        '(goodbye|good night) [hearth]',
        '~ (bye|bye bye|see you|see you later|good bye|so long) [hearth]',
      ],
      'Goodbye!',
      'See you soon.',
    ),
  ],
};

function say(name: string, patterns: readonly string[], ...variants: readonly string[]): Intent {
  return { name, patterns, answer: ({ pick }: Asked) => pick(...variants) };
}
