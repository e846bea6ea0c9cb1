/** Time and date, in words that a voice reads right and nobody takes for another day. */
import type { Asked, IntentGroup } from './intent.ts';

export const clock: IntentGroup = {
  intents: [
    {
      name: 'clock.time',
      patterns: [
        'what time is it [now|right now]',
        'what is the time [now|right now]',
        'tell me the time',
        '~ [do you know] what time it is',
        '~ tell me what time it is',
        '~ (time|the time)',
        '~ how late is it',
      ],
      answer: (asked) => `It is ${timeOfDay(asked)}.`,
    },
    {
      name: 'clock.date',
      patterns: [
        'what is the date [today]',
        "what is today's date",
        'what date is it [today]',
        'tell me the date',
        "~ (date|the date|today's date)",
        '~ what date is today',
        '~ which date is it',
      ],
      answer: ({ now, timeZone }) => `It is ${weekday(now, timeZone)}, ${dateOf(now, timeZone)}.`,
    },
    {
      name: 'clock.day',
      patterns: [
        'what day is it [today]',
        'what day of the week is it',
        'what day is today',
        '~ (which|what) weekday is it',
        '~ which day is (it|today)',
      ],
      answer: ({ now, timeZone }) => `It is ${weekday(now, timeZone)}.`,
    },
    {
      name: 'clock.month',
      patterns: ['what month is it', '~ which month is (it|this)', '~ what month is this'],
      answer: (asked) => `It is ${part(asked, { month: 'long' })}.`,
    },
    {
      name: 'clock.year',
      patterns: ['what year is it', '~ which year is (it|this)', '~ what year is this'],
      answer: (asked) => `It is the year ${part(asked, { year: 'numeric' })}.`,
    },
  ],
};

function part({ now, timeZone }: Asked, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', { ...options, timeZone }).format(now);
}

function timeOfDay(asked: Asked): string {
  // The space before PM is a narrow one that voices stumble over.
  const time = part(asked, { hour: 'numeric', minute: '2-digit' }).replace(/\s/, ' ');
  if (time === '12:00 PM') return `${time}, noon`;
  return time === '12:00 AM' ? `${time}, midnight` : time;
}

function weekday(now: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-US', { weekday: 'long', timeZone }).format(now);
}

/** `November 21st, 2026`. */
export function dateOf(now: number, timeZone: string): string {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-US', { ...options, timeZone }).format(now);
  const day = ordinal(Number(format({ day: 'numeric' })));
  return `${format({ month: 'long' })} ${day}, ${format({ year: 'numeric' })}`;
}

function ordinal(day: number): string {
  const teens = day >= 11 && day <= 13;
  const ending = teens ? undefined : ['st', 'nd', 'rd'][(day % 10) - 1];
  return `${day}${ending ?? 'th'}`;
}
