/** How a turn ends, exactly once: finished, interrupted, or without a voice. */
import type { Outcome, WireError } from '@hearth/contracts';
import { heardOf } from './turn-heard.ts';
import {
  type Answer,
  type Answering,
  answering,
  isAnswering,
  type Listening,
  put,
  type RoomState,
  stay,
  step,
  type TurnStep,
  type Utterance,
} from './turn-state.ts';

/** Utterances, of both sides. */
const HISTORY_LENGTH = 20;
const ENDED_LENGTH = 16;

/** Without a voice the answer is still written. */
export function voiceFails(state: RoomState, now: Answering, error: WireError): TurnStep {
  const failed = put(state, now, { voice: 'broken', outcome: 'failed', error });
  return now.answer.complete && isAnswering(failed.now) ? finish(failed, failed.now) : stay(failed);
}

/** @param atMs when; without it, all that was handed to the voice counts as heard */
export function interrupt(
  state: RoomState,
  now: Listening | Answering,
  atMs: number | undefined,
): TurnStep {
  const { turnId } = now;
  if (now.phase === 'listening') return end(state, answering(turnId, ''), 'interrupted');
  const answer = { ...now.answer, said: heardOf(now.answer, atMs) };
  const ended = end(state, { ...now, answer }, 'interrupted');
  return {
    state: ended.state,
    effects: [{ do: 'hush', turnId }, { do: 'cancel', turnId }, ...ended.effects],
  };
}

export function finish(state: RoomState, now: Answering): TurnStep {
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
