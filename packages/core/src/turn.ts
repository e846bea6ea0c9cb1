/**
 * What the assistant does next in one room. A pure step function: it is told what happened, and says what to do about it.
 *
 *   idle ── audio ──▶ listening ── heard ──▶ answering ── played ──▶ idle
 *     └──── typed ─────────────────────────▶     │
 *                        interrupted, or a voice that fails ──▶ idle
 *
 * Every turn ends in exactly one `done`. Events of any turn but the current one change nothing.
 */
import type { Outcome, WireError } from '@hearth/contracts';
import {
  ANSWER_TIMEOUT,
  apologyFor,
  EMPTY_ANSWER,
  HEARING_TIMEOUT,
  isUnheard,
  NOTHING_HEARD,
  VOICE_TIMEOUT,
} from './apology.ts';
import { createSentenceCutter } from './sentences.ts';

export interface Utterance {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** The answer of one turn as far as it has got. */
interface Answer {
  readonly heard: string;
  /** Handed to the voice so far. */
  readonly said: string;
  /** Came from the model, but does not end a clause or sentence yet. */
  readonly unsaid: string;
  /** How many pieces went to the voice. */
  readonly pieces: number;
  /** No more text will come. */
  readonly complete: boolean;
  /** `done`: all audio is out, a player may still be playing it. `broken`: nothing can be said aloud. */
  readonly voice: 'silent' | 'sounding' | 'done' | 'broken';
  readonly outcome: Outcome;
  readonly error?: WireError;
}

interface Listening {
  readonly phase: 'listening';
  readonly turnId: string;
}

interface Answering {
  readonly phase: 'answering';
  readonly turnId: string;
  readonly answer: Answer;
}

export interface RoomState {
  readonly now: { readonly phase: 'idle' } | Listening | Answering;
  /** Earlier turns as far as they were spoken, oldest first. */
  readonly history: readonly Utterance[];
  /** Turns that ended lately: nothing late begins them anew. */
  readonly ended: readonly string[];
}

export type TurnEvent = { readonly turnId: string } & (
  | { readonly type: 'audio' }
  /** What was heard; with an error, why nothing was. */
  | { readonly type: 'heard'; readonly text: string; readonly error?: WireError | undefined }
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'delta'; readonly text: string }
  /** The end of the answer: all of its text, for an engine that does not stream or a delta that was lost. */
  | { readonly type: 'answered'; readonly text: string }
  /** Hearing or thinking gave up. */
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'voice-started' }
  /** All audio is out; it is `audioMs` long. */
  | { readonly type: 'voice-finished'; readonly audioMs: number }
  | { readonly type: 'voice-failed'; readonly error: WireError }
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  /** A player has played the whole answer. */
  | { readonly type: 'played' }
  /** Someone silenced the voice. */
  | { readonly type: 'stopped' }
  /** The last `wait` is over. */
  | { readonly type: 'timeout' }
);

export type TurnEffect = { readonly turnId: string } & (
  | { readonly do: 'listen' }
  | { readonly do: 'ask'; readonly text: string; readonly history: readonly Utterance[] }
  | { readonly do: 'say'; readonly text: string; readonly seq: number; readonly last: boolean }
  /** The whole answer as text. */
  | { readonly do: 'write'; readonly text: string }
  | { readonly do: 'sound' }
  /** Silence the voice and end the model's work on this turn. */
  | { readonly do: 'hush' }
  | { readonly do: 'cancel' }
  /** Send `timeout` after `forMs`, instead of any earlier wait of this room. */
  | { readonly do: 'wait'; readonly forMs: number }
  | { readonly do: 'remember'; readonly said: readonly Utterance[] }
  | {
      readonly do: 'done';
      readonly outcome: Outcome;
      readonly heard: string;
      readonly answer: string;
      readonly error?: WireError;
    }
);

export interface TurnStep {
  readonly state: RoomState;
  readonly effects: readonly TurnEffect[];
}

/** How long each phase may go without progress, milliseconds. */
export interface TurnLimits {
  /** From the last frame of audio to what was heard. */
  readonly hearingMs: number;
  /** From the question to the first piece of the answer, and between pieces. */
  readonly answerMs: number;
  /** From a piece of text to its sound. */
  readonly voiceMs: number;
  /** How much longer than the audio its playback may take. */
  readonly playbackMs: number;
  readonly pauseMs: number;
}

const HISTORY_LENGTH = 20;
const ENDED_LENGTH = 16;
/** Speech runs at some 15 characters a second, and an engine that is slower than speech is no use. */
const VOICE_MS_PER_CHARACTER = 100;

export const IDLE_ROOM: RoomState = { now: { phase: 'idle' }, history: [], ended: [] };

export function stepTurn(state: RoomState, event: TurnEvent, limits: TurnLimits): TurnStep {
  if (state.ended.includes(event.turnId)) return stay(state);
  const { now } = state;
  if (now.phase !== 'idle' && now.turnId === event.turnId)
    return advance(state, now, event, limits);
  if (!begins(state, event)) return stay(state);
  const cleared = now.phase === 'idle' ? stay(state) : interrupt(state, now);
  const listening: Listening = { phase: 'listening', turnId: event.turnId };
  return after(cleared, (before) =>
    advance({ ...before, now: listening }, listening, event, limits),
  );
}

/** Sound and typing begin a turn at any time; words without sound only where nothing else goes on (the router was away). */
function begins({ now }: RoomState, { type }: TurnEvent): boolean {
  return type === 'audio' || type === 'typed' || (type === 'heard' && now.phase === 'idle');
}

function advance(
  state: RoomState,
  now: Listening | Answering,
  event: TurnEvent,
  limits: TurnLimits,
): TurnStep {
  return now.phase === 'listening'
    ? whileListening(state, now, event, limits)
    : whileAnswering(state, now, event, limits);
}

function whileListening(
  state: RoomState,
  now: Listening,
  event: TurnEvent,
  limits: TurnLimits,
): TurnStep {
  const { turnId } = event;
  switch (event.type) {
    case 'audio':
      return step(state, { do: 'listen', turnId }, { do: 'wait', turnId, forMs: limits.hearingMs });
    case 'typed':
    case 'heard':
      return event.type === 'heard' && (event.error || !event.text)
        ? apologize(state, answering(turnId, ''), event.error ?? NOTHING_HEARD, limits)
        : ask(state, turnId, event.text, limits);
    case 'failed':
      return apologize(state, answering(turnId, ''), event.error, limits);
    case 'timeout':
      return apologize(state, answering(turnId, ''), HEARING_TIMEOUT, limits);
    case 'stopped':
      return interrupt(state, now);
    case 'delta':
    case 'answered':
    case 'voice-started':
    case 'voice-finished':
    case 'voice-failed':
    case 'paused':
    case 'resumed':
    case 'played':
      return stay(state);
  }
}

function whileAnswering(
  state: RoomState,
  now: Answering,
  event: TurnEvent,
  limits: TurnLimits,
): TurnStep {
  const { answer, turnId } = now;
  switch (event.type) {
    case 'delta':
      return answer.complete ? stay(state) : grow(state, now, event.text, limits);
    case 'answered':
      return answer.complete ? stay(state) : complete(state, now, event.text, limits);
    case 'failed':
      return answer.complete ? stay(state) : apologize(state, now, event.error, limits);
    case 'voice-started':
      return step(
        put(state, now, { voice: 'sounding' }),
        { do: 'sound', turnId },
        { do: 'wait', turnId, forMs: patience(answer, limits) },
      );
    case 'voice-finished':
      return step(put(state, now, { voice: 'done' }), {
        do: 'wait',
        turnId,
        forMs: event.audioMs + limits.playbackMs,
      });
    case 'paused':
      return step(state, { do: 'wait', turnId, forMs: limits.pauseMs });
    case 'resumed':
      return step(state, { do: 'wait', turnId, forMs: patience(answer, limits) });
    case 'played':
      return answer.complete ? finish(state, now) : stay(state);
    case 'voice-failed':
      return voiceFails(state, now, event.error);
    case 'stopped':
      return interrupt(state, now);
    case 'timeout':
      return timeOut(state, now, limits);
    case 'audio':
    case 'heard':
    case 'typed':
      return stay(state);
  }
}

function ask(state: RoomState, turnId: string, heard: string, limits: TurnLimits): TurnStep {
  return step(
    { ...state, now: answering(turnId, heard) },
    { do: 'ask', turnId, text: heard, history: state.history },
    { do: 'wait', turnId, forMs: limits.answerMs },
  );
}

/** Says what has become a whole clause or sentence, and keeps the rest. */
function grow(state: RoomState, now: Answering, text: string, limits: TurnLimits): TurnStep {
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

function complete(state: RoomState, now: Answering, text: string, limits: TurnLimits): TurnStep {
  const { said, unsaid, outcome } = now.answer;
  const streamed = said + unsaid;
  const missed = text.startsWith(streamed) ? text.slice(streamed.length) : '';
  if (!(streamed + missed).trim()) return apologize(state, now, EMPTY_ANSWER, limits);
  return conclude(state, now, { text: unsaid + missed, outcome }, limits);
}

/** Tells the user what went wrong, in place of what is left of the answer. */
function apologize(
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

/** Without a voice the answer is still written. */
function voiceFails(state: RoomState, now: Answering, error: WireError): TurnStep {
  const failed = put(state, now, { voice: 'broken', outcome: 'failed', error });
  return now.answer.complete && isAnswering(failed.now) ? finish(failed, failed.now) : stay(failed);
}

function timeOut(state: RoomState, now: Answering, limits: TurnLimits): TurnStep {
  const { complete, voice } = now.answer;
  if (!complete) return apologize(state, now, ANSWER_TIMEOUT, limits);
  return voice === 'done' ? finish(state, now) : voiceFails(state, now, VOICE_TIMEOUT);
}

function interrupt(state: RoomState, now: Listening | Answering): TurnStep {
  const { turnId } = now;
  if (now.phase === 'listening') return end(state, answering(turnId, ''), 'interrupted');
  const ended = end(state, now, 'interrupted');
  return {
    state: ended.state,
    effects: [{ do: 'hush', turnId }, { do: 'cancel', turnId }, ...ended.effects],
  };
}

function finish(state: RoomState, now: Answering): TurnStep {
  return end(state, now, now.answer.outcome, now.answer.error);
}

function end(state: RoomState, now: Answering, outcome: Outcome, error?: WireError): TurnStep {
  const { answer, turnId } = now;
  const spoken = spokenIn(answer, outcome);
  const reply = answer.said.trim();
  return step(
    {
      now: { phase: 'idle' },
      history:
        spoken.length < 2 ? state.history : [...state.history, ...spoken].slice(-HISTORY_LENGTH),
      ended: [...state.ended, turnId].slice(-ENDED_LENGTH),
    },
    ...(spoken.length > 0 ? [{ do: 'remember', turnId, said: spoken } as const] : []),
    { do: 'done', turnId, outcome, heard: answer.heard, answer: reply, ...(error && { error }) },
  );
}

/** What is worth keeping of a turn: an apology is not. */
function spokenIn({ heard, said }: Answer, outcome: Outcome): Utterance[] {
  if (!heard) return [];
  const user: Utterance = { role: 'user', text: heard };
  const kept = outcome === 'answered' || outcome === 'interrupted' ? said.trim() : '';
  return kept ? [user, { role: 'assistant', text: kept }] : [user];
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

function patience({ said }: Pick<Answer, 'said'>, { voiceMs }: TurnLimits): number {
  return voiceMs + said.length * VOICE_MS_PER_CHARACTER;
}

function answering(turnId: string, heard: string): Answering {
  const answer: Answer = {
    heard,
    said: '',
    unsaid: '',
    pieces: 0,
    complete: false,
    voice: 'silent',
    outcome: 'answered',
  };
  return { phase: 'answering', turnId, answer };
}

function put(state: RoomState, now: Answering, change: Partial<Answer>): RoomState {
  return { ...state, now: { ...now, answer: { ...now.answer, ...change } } };
}

function isAnswering(now: RoomState['now']): now is Answering {
  return now.phase === 'answering';
}

function step(state: RoomState, ...effects: readonly TurnEffect[]): TurnStep {
  return { state, effects };
}

function stay(state: RoomState): TurnStep {
  return step(state);
}

/** The effects of `first`, then those of what follows from its state. */
function after(first: TurnStep, next: (state: RoomState) => TurnStep): TurnStep {
  const second = next(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}
