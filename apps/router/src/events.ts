/** Turns what the other services say into events of core's turn.ts. */
import type { llmResponse, Topic, Transcript, ttsStatus, WireError } from '@hearth/contracts';
import { isUnheard, type RoomState, type TurnEvent } from '@hearth/core';

type DataOf<T> = T extends Topic<infer Data> ? Data : never;

export function fromHeard(turnId: string, { text, error }: Transcript): TurnEvent {
  const named = error && !isUnheard(error) ? ofStage('STT', error) : error;
  return { type: 'heard', turnId, text, error: named };
}

export function fromResponse(turnId: string, data: DataOf<typeof llmResponse>): TurnEvent {
  return 'error' in data
    ? { type: 'failed', turnId, error: ofStage('LLM', data.error) }
    : { type: 'answered', turnId, text: data.text };
}

export function fromStatus(turnId: string, data: DataOf<typeof ttsStatus>): TurnEvent {
  switch (data.event) {
    case 'speaking-started':
      return { type: 'voice-started', turnId };
    case 'speaking-finished':
      return { type: 'voice-finished', turnId, audioMs: data.audioMs };
    case 'playback-finished':
      return { type: 'played', turnId };
    case 'failed':
      return { type: 'voice-failed', turnId, error: ofStage('TTS', data.error) };
    case 'stopped':
    case 'paused':
    case 'resumed':
      return { type: data.event, turnId };
  }
}

/** What the end of a service means for a turn that waits for it. */
export function fromAway(service: string, now: ActiveRoom): TurnEvent | undefined {
  const { turnId } = now;
  const open = now.phase === 'answering' && !now.answer.complete;
  const silent = now.phase === 'answering' && now.answer.voice !== 'done';
  switch (service) {
    case 'stt-worker':
      return now.phase === 'listening' ? nobodyListens(turnId) : undefined;
    case 'llm-worker':
      return open ? { type: 'failed', turnId, error: LLM_AWAY } : undefined;
    case 'tts-worker':
      return silent ? { type: 'voice-failed', turnId, error: TTS_AWAY } : undefined;
    default:
      return undefined;
  }
}

export function nobodyListens(turnId: string): TurnEvent {
  return { type: 'failed', turnId, error: STT_AWAY };
}

type ActiveRoom = Exclude<RoomState['now'], { phase: 'idle' }>;

const STT_AWAY = { code: 'STT_UNAVAILABLE', message: 'speech recognition is not running' };
export const LLM_AWAY = { code: 'LLM_UNAVAILABLE', message: 'the language model is not running' };
export const TTS_AWAY = { code: 'TTS_UNAVAILABLE', message: 'speech synthesis is not running' };

/** The first word of a code names the stage, so that the apology fits. */
function ofStage(stage: 'STT' | 'LLM' | 'TTS', { code, message }: WireError): WireError {
  const named = code.startsWith(`${stage}_`) ? code : `${stage}_${code}`;
  return { code: named.slice(0, 64), message };
}
