/** What a satellite knows of its turn so far, and what comes of it in the end. */
import type { Outcome, WireError } from '@hearth/contracts';
import { type Span, type Stage, stagesOf, tenths, WHOLE_TURN } from './stages.ts';
import { createSoundCollector, type SoundCollector, type SpokenSound } from './turn-sound.ts';

export interface TurnResult {
  /** Null when the assistant never took it up. */
  readonly turnId: string | null;
  /** `none`: the turn did not end in time. */
  readonly outcome: Outcome | 'none';
  readonly heard: string;
  readonly answer: string;
  readonly sound: SpokenSound | undefined;
  readonly error: WireError | null;
  readonly stages: readonly Stage[];
  /** From the end of the question to the first sound of the answer, milliseconds. */
  readonly timeToFirstAudioMs: number | null;
}

export interface TurnNotes {
  turnId: string | undefined;
  /** The last state that was seen. */
  state: 'sent' | 'listening' | 'thinking' | 'speaking' | 'done';
  outcome: TurnResult['outcome'];
  heard: string;
  answer: string;
  error: WireError | null;
  /** When the question was complete, by `performance.now()`: from there the wait for the answer counts. */
  askedAt: number | undefined;
  firstAudioAt: number | undefined;
  readonly spans: Span[];
  readonly sound: SoundCollector;
  /** Called after each note. */
  readonly listeners: Set<() => unknown>;
}

export function startNotes(turnId: string | undefined): TurnNotes {
  return {
    turnId,
    state: 'sent',
    outcome: 'none',
    heard: '',
    answer: '',
    error: null,
    askedAt: undefined,
    firstAudioAt: undefined,
    spans: [],
    sound: createSoundCollector(),
    listeners: new Set(),
  };
}

export function noted({ listeners }: TurnNotes): void {
  for (const listener of listeners) listener();
}

export function hasWholeTurn({ spans }: TurnNotes): boolean {
  return spans.some(({ name }) => name === WHOLE_TURN);
}

export function lateError(timeoutMs: number, state: TurnNotes['state']): WireError {
  const where = state === 'sent' ? 'nobody took the question up' : `it was still ${state}`;
  return { code: 'TIMEOUT', message: `No answer within ${timeoutMs / 1_000} s: ${where}.` };
}

export function resultOf(notes: TurnNotes): TurnResult {
  const { turnId, outcome, heard, answer, error, sound, spans } = notes;
  return {
    turnId: turnId ?? null,
    outcome,
    heard,
    answer,
    error: error ?? missingError(outcome),
    sound: sound.sound(),
    stages: stagesOf(spans),
    timeToFirstAudioMs: timeToFirstAudio(notes),
  };
}

/** An answer may begin before the last frame of trailing silence is out: that is no wait at all. */
function timeToFirstAudio({ firstAudioAt, askedAt }: TurnNotes): number | null {
  if (firstAudioAt === undefined) return null;
  return tenths(Math.max(0, firstAudioAt - (askedAt ?? firstAudioAt)));
}

/** A turn that went wrong always says so, even where the router gave no error. */
function missingError(outcome: TurnResult['outcome']): WireError | null {
  if (outcome === 'answered' || outcome === 'none') return null;
  const code = outcome.toUpperCase().replace('-', '_');
  return { code, message: `The turn ended as ${outcome}.` };
}
