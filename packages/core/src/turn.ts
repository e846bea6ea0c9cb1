/**
 * What the assistant does next in one room. A pure step function: it is told what happened, and says what to do about it.
 *
 *   idle ── audio ──▶ listening ── heard ──▶ answering ── played ──▶ idle
 *     └──── typed ─────────────────────────▶     │
 *                        interrupted, or a voice that fails ──▶ idle
 *
 * Every turn ends in exactly one `done`. Events of any turn but the current one change nothing.
 */
import { ANSWER_TIMEOUT, HEARING_TIMEOUT, NOTHING_HEARD, VOICE_TIMEOUT } from './apology.ts';
import { apologize, ask, complete, grow, patience } from './turn-answer.ts';
import { finish, interrupt, voiceFails } from './turn-end.ts';
import { resumed } from './turn-heard.ts';
import {
  after,
  type Answering,
  answering,
  type Listening,
  put,
  type RoomState,
  stay,
  step,
  type TurnEvent,
  type TurnLimits,
  type TurnStep,
} from './turn-state.ts';

export function stepTurn(state: RoomState, event: TurnEvent, limits: TurnLimits): TurnStep {
  if (state.ended.includes(event.turnId)) return stay(state);
  const { now } = state;
  if (now.phase !== 'idle' && now.turnId === event.turnId)
    return advance(state, now, event, limits);
  if (!begins(state, event)) return stay(state);
  const cleared = now.phase === 'idle' ? stay(state) : interrupt(state, now, event.atMs);
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
        : ask(state, event, limits);
    case 'failed':
      return apologize(state, answering(turnId, ''), event.error, limits);
    case 'timeout':
      return apologize(state, answering(turnId, ''), HEARING_TIMEOUT, limits);
    case 'stopped':
      return interrupt(state, now, event.atMs);
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
        put(state, now, { voice: 'sounding', soundingSinceMs: event.atMs }),
        { do: 'sound', turnId },
        { do: 'wait', turnId, forMs: patience(answer, limits) },
      );
    case 'voice-finished':
      return step(put(state, now, { voice: 'done', audioMs: event.audioMs }), {
        do: 'wait',
        turnId,
        forMs: event.audioMs + limits.playbackMs,
      });
    case 'paused':
      return step(put(state, now, { pausedSinceMs: event.atMs }), {
        do: 'wait',
        turnId,
        forMs: limits.pauseMs,
      });
    case 'resumed':
      return step(put(state, now, resumed(answer, event.atMs)), {
        do: 'wait',
        turnId,
        forMs: patience(answer, limits),
      });
    case 'played':
      return answer.complete ? finish(state, now) : stay(state);
    case 'voice-failed':
      return voiceFails(state, now, event.error);
    case 'stopped':
      return interrupt(state, now, event.atMs);
    case 'timeout':
      return timeOut(state, now, limits);
    case 'audio':
    case 'heard':
    case 'typed':
      return stay(state);
  }
}

function timeOut(state: RoomState, now: Answering, limits: TurnLimits): TurnStep {
  const { complete, voice } = now.answer;
  if (!complete) return apologize(state, now, ANSWER_TIMEOUT, limits);
  return voice === 'done' ? finish(state, now) : voiceFails(state, now, VOICE_TIMEOUT);
}
