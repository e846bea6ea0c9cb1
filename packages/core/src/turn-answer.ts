/** The answer of a turn as it grows: asked for, said piece by piece, completed or cut short by an apology. */
import type { Outcome, WireError } from '@hearth/contracts';
import { apologyFor, EMPTY_ANSWER, isUnheard } from './apology.ts';
import { createSentenceCutter } from './sentences.ts';
import { finish } from './turn-end.ts';
import {
  after,
  type Answer,
  type Answering,
  answering,
  isAnswering,
  put,
  type RoomState,
  stay,
  step,
  type TurnEffect,
  type TurnEvent,
  type TurnLimits,
  type TurnStep,
} from './turn-state.ts';

/** Speech runs at some 15 characters a second, and an engine that is slower than speech is no use. */
const VOICE_MS_PER_CHARACTER = 100;

export function ask(
  state: RoomState,
  { turnId, text: heard, type }: Extract<TurnEvent, { type: 'heard' | 'typed' }>,
  limits: TurnLimits,
): TurnStep {
  return step(
    { ...state, now: answering(turnId, heard, type === 'typed') },
    { do: 'ask', turnId, text: heard, history: state.history },
    { do: 'wait', turnId, forMs: limits.answerMs },
  );
}

/** Says what has become a whole clause or sentence, and keeps the rest. */
export function grow(state: RoomState, now: Answering, text: string, limits: TurnLimits): TurnStep {
  const { answer, turnId } = now;
  const grown = answer.unsaid + text;
  const pieces = createSentenceCutter({ firstClause: answer.pieces === 0 }).push(grown);
  const spoken = pieces.join('');
  return step(
    put(state, now, {
      said: answer.said + spoken,
      unsaid: grown.slice(spoken.length),
      pieces: answer.pieces + pieces.length,
    }),
    ...sayAll(turnId, pieces, answer.pieces),
    { do: 'wait', turnId, forMs: limits.answerMs },
  );
}

export function complete(
  state: RoomState,
  now: Answering,
  text: string,
  limits: TurnLimits,
): TurnStep {
  const { said, unsaid, outcome } = now.answer;
  const streamed = said + unsaid;
  const missed = text.startsWith(streamed) ? text.slice(streamed.length) : '';
  if (!(streamed + missed).trim()) return apologize(state, now, EMPTY_ANSWER, limits);
  return conclude(state, now, { text: unsaid + missed, outcome }, limits);
}

/** Tells the user what went wrong, in place of what is left of the answer. */
export function apologize(
  state: RoomState,
  now: Answering,
  error: WireError,
  limits: TurnLimits,
): TurnStep {
  const { turnId, answer } = now;
  const text = `${answer.said ? ' ' : ''}${apologyFor(error.code)}`;
  const outcome = isUnheard(error) ? 'not-understood' : 'failed';
  const told = conclude(state, now, { text, outcome, error }, limits);
  return answer.heard ? { ...told, effects: [{ do: 'cancel', turnId }, ...told.effects] } : told;
}

/** Says `text` as the end of the answer. */
function conclude(
  state: RoomState,
  now: Answering,
  { text, ...result }: { text: string; outcome: Outcome; error?: WireError },
  limits: TurnLimits,
): TurnStep {
  const { answer, turnId } = now;
  const cutter = createSentenceCutter({ firstClause: false });
  const pieces = [...cutter.push(text), ...cutter.end()];
  const said = answer.said + text;
  const broken = answer.voice === 'broken';
  const told = step(
    put(state, now, {
      said,
      unsaid: '',
      pieces: answer.pieces + pieces.length,
      complete: true,
      ...(!broken && result),
    }),
    ...(broken ? [] : sayAll(turnId, pieces, answer.pieces, { last: true })),
    { do: 'write', turnId, text: said.trim() },
    { do: 'wait', turnId, forMs: patience({ ...answer, said }, limits) },
  );
  return after(told, (next) =>
    broken && isAnswering(next.now) ? finish(next, next.now) : stay(next),
  );
}

function sayAll(
  turnId: string,
  pieces: readonly string[],
  firstSeq: number,
  { last = false } = {},
): TurnEffect[] {
  const texts = last && pieces.length === 0 ? [''] : pieces;
  return texts.map((text, i) => ({
    do: 'say',
    turnId,
    text: text.trim(),
    seq: firstSeq + i,
    last: last && i === texts.length - 1,
  }));
}

export function patience({ said }: Pick<Answer, 'said'>, { voiceMs }: TurnLimits): number {
  return voiceMs + said.length * VOICE_MS_PER_CHARACTER;
}
