/** What a turn is made of: the state of a room, what can happen in it, and what to do about it. */
import type { Outcome, WireError } from '@hearth/contracts';

export interface Utterance {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** The answer of one turn as far as it has got. */
export interface Answer {
  readonly heard: string;
  /** Who typed reads the answer as soon as it is complete. */
  readonly typed: boolean;
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
  /** When its sound began, moved on by the pauses; undefined before, and where nobody tells the time. */
  readonly soundingSinceMs?: number | undefined;
  readonly pausedSinceMs?: number | undefined;
  /** All of its sound together, where that is known. */
  readonly audioMs?: number;
  readonly outcome: Outcome;
  readonly error?: WireError;
}

export interface Listening {
  readonly phase: 'listening';
  readonly turnId: string;
}

export interface Answering {
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

export type TurnEvent = {
  readonly turnId: string;
  /** When it happened, milliseconds on any clock that does not go back. Says how much of an interrupted answer was heard. */
  readonly atMs?: number | undefined;
} & (
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

export const IDLE_ROOM: RoomState = { now: { phase: 'idle' }, history: [], ended: [] };

export function answering(turnId: string, heard: string, typed = false): Answering {
  const answer: Answer = {
    heard,
    typed,
    said: '',
    unsaid: '',
    pieces: 0,
    complete: false,
    voice: 'silent',
    outcome: 'answered',
  };
  return { phase: 'answering', turnId, answer };
}

export function put(state: RoomState, now: Answering, change: Partial<Answer>): RoomState {
  return { ...state, now: { ...now, answer: { ...now.answer, ...change } } };
}

export function isAnswering(now: RoomState['now']): now is Answering {
  return now.phase === 'answering';
}

export function step(state: RoomState, ...effects: readonly TurnEffect[]): TurnStep {
  return { state, effects };
}

export function stay(state: RoomState): TurnStep {
  return step(state);
}

/** The effects of `first`, then those of what follows from its state. */
export function after(first: TurnStep, next: (state: RoomState) => TurnStep): TurnStep {
  const second = next(first.state);
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}
