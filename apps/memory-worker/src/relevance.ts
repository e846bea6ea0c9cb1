/** How well an entry answers a question: its words, what was said around it, who said it, and when. Pure. */
import {
  daysSpokenOf,
  datesIn,
  includes,
  type NamedDate,
  namesNumber,
  namesTime,
} from './dates.ts';
import type { Entry } from './engines/store.ts';
import { wordsOf } from './words.ts';

/** Round values, chosen on LoCoMo; README says what each idea gives there. Small changes to them change little. */
const WEIGHT = {
  /** Of a synonym, beside the word itself. */
  synonym: 0.3,
  /** What was said just before: an answer seldom repeats the words of its question. */
  before: 0.7,
  after: 0.3,
  twoBefore: 0.2,
  twoAfter: 0.1,
  session: 0.3,
  /** Of everything but the best of these places. */
  rest: 0.5,
  /** Of what somebody else said, when the question names a speaker. */
  otherSpeaker: 0.6,
  /** Of an entry that only asks, or only says that it does not know. */
  empty: 0.5,
  /** For a word of time where the question is "when", for a number where it is "how many". */
  kind: 1.2,
  /** For an entry of, or about, the day or month that the question names. */
  date: 2,
} as const;
/** How much an entry that is longer than the others must hold to be as good; 0 would be: no more. */
const LENGTH = 0.25;
/** An entry of fewer words says nothing to a question whose words it does not hold: "All right." */
const TELLING_WORDS = 3;

/** An entry as the index knows it. */
export interface Indexed extends Entry {
  /** Entries of one conversation have the same number; a fact stands alone. */
  readonly session: number;
  /** In the session, from 0. Forgotten entries leave gaps. */
  readonly position: number;
  readonly words: number;
  /** See `emptyShare`. */
  readonly empty: number;
}

/** A word of the question. */
export interface Term {
  /** How rare it is. */
  readonly weight: number;
  /** 1 where an entry holds the word, `synonymHit` where it holds another word for it, else 0. */
  readonly hit: (id: number) => number;
}

export const synonymHit = WEIGHT.synonym;

export function rarity(found: number, total: number): number {
  return Math.log(1 + (total - found + 0.5) / (found + 0.5));
}

export interface Asked {
  readonly terms: readonly Term[];
  /** Speakers that the question names. */
  readonly speakers: ReadonlySet<string>;
  readonly text: string;
}

/** @param sessions whole conversations, each in the order of its positions */
export function* relevanceOf(
  asked: Asked,
  sessions: readonly (readonly Indexed[])[],
): Generator<{ readonly entry: Indexed; readonly score: number }> {
  const hints = hintsOf(asked);
  const count = sessions.reduce((sum, session) => sum + session.length, 0);
  const total = sessions.flat().reduce((sum, { words }) => sum + words, 0);
  const usual = Math.max(1, total / Math.max(1, count));
  for (const session of sessions) {
    const scores = scoreByWords(asked.terms, session, usual);
    for (const [at, entry] of session.entries()) {
      const score = scores[at] ?? 0;
      if (score > 0) yield { entry, score: score * hints(entry) };
    }
  }
}

function scoreByWords(
  terms: readonly Term[],
  session: readonly Indexed[],
  usual: number,
): number[] {
  const rows = placesIn(session);
  const scores = rows.map(() => 0);
  const found = rows.map(() => false);
  for (const { weight, hit } of terms) {
    const hits = session.map(({ id }) => hit(id));
    const sum = hits.reduce((all, one) => all + one, 0);
    if (sum === 0) continue;
    const values = session.map(({ words }, i) => (hits[i] ?? 0) * shareOf(words / usual));
    // A single entry is no conversation.
    const whole = session.length > 1 ? (WEIGHT.session * 2 * sum) / (sum + 1) : 0;
    for (const [i, places] of rows.entries()) {
      const parts = places.map(({ at, weight }) => (values[at ?? -1] ?? 0) * weight);
      scores[i] = (scores[i] ?? 0) + weight * together([...parts, whole]);
      const [own, before, after] = parts;
      const telling = (session[i]?.words ?? 0) >= TELLING_WORDS;
      found[i] ||= Boolean(own) || (telling && Boolean(before || after));
    }
  }
  return scores.map((score, i) => (found[i] ? score : 0));
}

interface Place {
  /** Index in the session; undefined where nothing is that would belong to the entry. */
  readonly at: number | undefined;
  readonly weight: number;
}

/** For each entry: itself, then its neighbours as far as they answer each other. One voice alone gives a list of commands. */
function placesIn(session: readonly Indexed[]): Place[][] {
  const answers = (a: number, b: number): boolean => {
    const [one, other] = [session[a], session[b]];
    if (!one || !other || Math.abs(one.position - other.position) > 1) return false;
    return (one.speaker ?? one.role) !== (other.speaker ?? other.role);
  };
  return session.map((_, i) => {
    const neighbour = (step: 1 | -1, near: number, far: number): [Place, Place] => {
      const first = answers(i, i + step) ? i + step : undefined;
      const second = first !== undefined && answers(first, first + step) ? first + step : undefined;
      return [
        { at: first, weight: near },
        { at: second, weight: far },
      ];
    };
    const [before, twoBefore] = neighbour(-1, WEIGHT.before, WEIGHT.twoBefore);
    const [after, twoAfter] = neighbour(1, WEIGHT.after, WEIGHT.twoAfter);
    return [{ at: i, weight: 1 }, before, after, twoBefore, twoAfter];
  });
}

/** What a word counts in an entry that is so many times as long as usual. */
function shareOf(length: number): number {
  return 2 / (2 - LENGTH + LENGTH * length);
}

function together(parts: readonly number[]): number {
  const best = Math.max(...parts);
  const sum = parts.reduce((all, part) => all + part, 0);
  return best + WEIGHT.rest * (sum - best);
}

/** What is known about an entry besides its words, as a factor. */
function hintsOf({ text, speakers }: Asked): (entry: Indexed) => number {
  const start = wordsOf(text).join(' ');
  const when = WHEN.test(start);
  const many = HOW_MANY.test(start);
  const dates = datesIn(text);
  return (entry) => {
    let factor = 1 - (1 - WEIGHT.empty) * entry.empty;
    if (speakers.size > 0 && entry.speaker !== undefined && !speakers.has(entry.speaker)) {
      factor *= WEIGHT.otherSpeaker;
    }
    if (when && namesTime(entry.text)) factor *= WEIGHT.kind;
    if (many && namesNumber(entry.text)) factor *= WEIGHT.kind;
    if (dates.length > 0 && isAbout(entry, dates)) factor *= WEIGHT.date;
    return factor;
  };
}

const WHEN = /^(?:when|how long|since when)\b|\b(?:what|which) (?:date|day|month|year|week|time)\b/;
const HOW_MANY = /\bhow (?:many|much|often|old|long|big|far|tall)\b/;

function isAbout({ text, ts }: Entry, dates: readonly NamedDate[]): boolean {
  const spans = [{ from: ts, to: ts }, ...daysSpokenOf(text, ts)];
  return dates.some((date) => spans.some((span) => includes(span, date)));
}
