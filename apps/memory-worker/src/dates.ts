/** Times in what was said: which days a question names, and which days an utterance speaks of. English. */

/** From the first day to the last, both whole, milliseconds since the Unix epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a question asks about: any of the parts may be left open ("in May", "in 2023", "on 8 May"). */
export interface NamedDate {
  readonly year?: number | undefined;
  /** 0 is January. */
  readonly month?: number | undefined;
  readonly day?: number | undefined;
}

const DAY_MS = 86_400_000;
/** A longer span is looked at by its first days only; nothing that is said so vaguely names a day. */
const MAX_DAYS = 400;

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;
const MONTH = MONTHS.join('|');
const DATE = new RegExp(
  `(?:\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? )?\\b(${MONTH})\\b(?:,? (\\d{1,2})(?:st|nd|rd|th)?\\b)?(?:,? (\\d{4})\\b)?`,
  'g',
);
const BARE_MAY = /\b(?:in|of|during|since|last|this|next|until|by) may\b/;
const YEAR = /\b(?:in|since|during|of) ((?:19|20)\d\d)\b/;

/** Days, months and years that a question names. */
export function datesIn(question: string): NamedDate[] {
  const text = question.toLowerCase();
  const dates: NamedDate[] = [];
  for (const [, before, name, after, year] of text.matchAll(DATE)) {
    const day = before ?? after;
    // "May" is more often a verb.
    if (name === 'may' && !day && !year && !BARE_MAY.test(text)) continue;
    dates.push({
      month: MONTHS.findIndex((month) => month === name),
      ...(day && { day: Number(day) }),
      ...(year && { year: Number(year) }),
    });
  }
  const year = YEAR.exec(text)?.[1];
  return dates.length === 0 && year ? [{ year: Number(year) }] : dates;
}

/** Words for a time, and the days they mean, counted from the day they were said. */
const RELATIVE: readonly (readonly [RegExp, number, number])[] = [
  [/\b(?:yesterday|last night)\b/, -1, -1],
  [/\b(?:today|tonight|this (?:morning|afternoon|evening))\b/, 0, 0],
  [/\btomorrow\b/, 1, 1],
  [/\b(?:last weekend|over the weekend|last (?:sun|mon|tues|wednes|thurs|fri|satur)day)\b/, -8, -1],
  [/\b(?:last week|a week ago)\b/, -10, -4],
  [/\b(?:last month|a month ago)\b/, -45, -20],
  [/\b(?:last year|a year ago)\b/, -500, -250],
  [/\bnext week\b/, 4, 10],
  [/\bnext month\b/, 20, 45],
];
const AGO =
  /\b(two|three|four|five|six|few|couple of|couple|\d{1,2}) (day|week|month|year)s (?:ago|back)\b/;
const UNIT_DAYS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30, year: 365 };
const COUNTS: Readonly<Record<string, number>> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  few: 3,
  couple: 2,
  'couple of': 2,
};

/** The days that an utterance speaks of, resolved by the time it was said. */
export function daysSpokenOf(utterance: string, saidAt: number): Span[] {
  const text = utterance.toLowerCase();
  const days = RELATIVE.filter(([words]) => words.test(text)).map(([, from, to]) => ({ from, to }));
  const [, count = '', unit = ''] = AGO.exec(text) ?? [];
  const back = (COUNTS[count] ?? Number(count)) * (UNIT_DAYS[unit] ?? 0);
  // "Two weeks ago" is said of ten days as well as of eighteen.
  if (back > 0) days.push({ from: -back * 1.3, to: -back * 0.7 });
  return days.map(({ from, to }) => ({ from: saidAt + from * DAY_MS, to: saidAt + to * DAY_MS }));
}

/** In the time zone of the house. */
export function includes({ from, to }: Span, date: NamedDate): boolean {
  const last = Math.min(to, from + MAX_DAYS * DAY_MS);
  for (let time = from; time <= last; time += DAY_MS) {
    const day = new Date(time);
    if (
      (date.day ?? day.getDate()) === day.getDate() &&
      (date.month ?? day.getMonth()) === day.getMonth() &&
      (date.year ?? day.getFullYear()) === day.getFullYear()
    ) {
      return true;
    }
  }
  return false;
}

const TIME_WORD = new RegExp(
  `\\b(?:yesterday|today|tonight|tomorrow|ago|last|next|weekend|weeks?|months?|years?|days?|morning|evening|night|since|recently|${MONTH}|(?:sun|mon|tues|wednes|thurs|fri|satur)day|(?:19|20)\\d\\d)\\b`,
  'i',
);
const NUMBER_WORD =
  /\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|once|twice|couple|few|several|dozen|hundred|thousand)\b/i;

export const namesTime = (text: string): boolean => TIME_WORD.test(text);
export const namesNumber = (text: string): boolean => NUMBER_WORD.test(text);
