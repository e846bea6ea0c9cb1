/** Remember, recall, forget. */
import { otherPerson } from '@hearth/core';
import type { Asked, IntentGroup } from './intent.ts';
import { findPassage, keywordsOf, toldWhen } from './passages.ts';

const BE = '(is|are|was|were)';
const THING = '(my|the) {thing:things}';

export const memory: IntentGroup = {
  lists: {
    things: [
      'keys',
      'car keys',
      'glasses',
      'wallet',
      'phone',
      'passport',
      'umbrella',
      'watch',
      'bag',
      'book',
      'jacket',
      'camera',
      'laptop',
      'headphones',
    ],
    places: [
      'drawer',
      'kitchen table',
      'table',
      'desk',
      'shelf',
      'kitchen',
      'bedroom',
      'living room',
      'bathroom',
      'office',
      'garage',
      'hall',
      'car',
      'bag',
      'box',
    ],
    occasions: ['birthday', 'dentist appointment', 'meeting', 'party'],
    weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
  },
  intents: [
    {
      name: 'memory.remember',
      patterns: [
        `remember [that] {fact:(${THING} (are|is) (in|on|under|behind) (the|my) {place:places})}`,
        'remember [that] {fact:(my {occasion:occasions} is on {day:weekdays})}',
        '~ (remember|note|note down|keep in mind|do not forget|memorize) [that] {fact:*}',
        '~ (remember|do not forget) to {task:*}',
      ],
      answer: remember,
    },
    {
      name: 'memory.recall',
      patterns: [
        `where (are|is) {subject:(${THING})}`,
        'when is {subject:(my {occasion:occasions})}',
        `what did i say about {subject:(${THING})}`,
        'what did i say about {subject:(my {occasion:occasions})}',
        '~ (what|where|when) did i (say|tell you|tell) [about] {subject:*}',
        '~ where did i (put|leave|park|hide|store) {subject:*}',
        '~ where have i (put|left|parked|hidden) {subject:*}',
        '~ (do you (know|remember)|tell me) (where|when|what|who) {subject:*} (is|are|was|were)',
        '~ (what do you know|do you (know|remember) (anything|something)|what was|tell me) about {subject:*}',
        `~ (where|when|who|what) ${BE} {subject:*}`,
        `~ (what|which|how) {subject:({kind:*} ${BE} my {owned:*})}`,
        '~ do you remember {subject:*}',
      ],
      answer: recall,
    },
    {
      name: 'memory.forget',
      patterns: [
        `forget what i said about {subject:(${THING})}`,
        '~ forget [what i (said|told you|say)] about {subject:*}',
        '~ forget (everything|all|all that i said) about {subject:*}',
        '~ forget that {subject:*}',
        '~ forget {subject:((my|our) {rest:*})}',
      ],
      answer: forget,
    },
    {
      name: 'memory.statement',
      patterns: ['~ (my|our) {what:*} (is|are|was|were|has|have|lives|likes) {how:*}'],
      answer: ({ text }) => {
        const statement = text.trim().replace(/[.!]+$/, '');
        return statement.length > 200
          ? 'If I am to keep that, begin with: remember that.'
          : `If I am to keep that, say: remember that ${lowerFirst(statement)}.`;
      },
    },
  ],
};

async function remember({ slots, tools }: Asked): Promise<string> {
  const fact = (slots['task'] ? `I have to ${slots['task']}` : (slots['fact'] ?? '')).trim();
  try {
    await tools.remember(fact);
  } catch {
    return 'I am sorry, I could not keep that: my memory did not answer.';
  }
  return `I will remember that ${quote(fact)}.`;
}

async function recall(asked: Asked): Promise<string> {
  const subject = (asked.slots['subject'] ?? '').trim();
  const about = quote(subject);
  const words = keywordsOf(subject);
  if (words.length === 0) return 'I do not know what you mean. What is it about?';
  let found: Awaited<ReturnType<typeof findPassage>>;
  try {
    found = await findPassage(asked, words);
  } catch {
    return `My memory did not answer, so I cannot tell you anything about ${about}.`;
  }
  if (!found) return `You have not told me anything about ${about}.`;
  const when = toldWhen(found.ts, asked);
  return `You told me${when && ` ${when}`}: ${quote(found.text)}.`;
}

async function forget({ slots, tools }: Asked): Promise<string> {
  const subject = (slots['subject'] ?? '').trim();
  const words = keywordsOf(subject);
  if (words.length === 0) return 'I do not know what I am to forget. What is it about?';
  try {
    const count = await tools.forget(words.join(' ').slice(0, 1_000));
    return count > 0
      ? `I have forgotten what you said about ${quote(subject)}.`
      : `There was nothing about ${quote(subject)} that I could forget.`;
  } catch {
    return 'I am sorry, my memory did not answer. Nothing was forgotten.';
  }
}

/** In the words of the one who listens, to stand within a sentence. */
function quote(text: string): string {
  return lowerFirst(otherPerson(text.trim().replace(/[.!?]+$/, '')));
}

/** A pronoun loses its capital within a sentence; a name keeps it. */
function lowerFirst(text: string): string {
  const starts = /^(?:My|Your|You|We|Our|The|A|An|It|He|She|They|There|This|That)\b/.test(text);
  return starts ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
