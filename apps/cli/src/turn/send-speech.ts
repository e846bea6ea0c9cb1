/** Sends speech to `audio/in` as a satellite would: frames of 100 ms, the last one marked. */
import { audioIn, SPEECH_RATE_HZ } from '@hearth/contracts';
import { bytesOf } from '@hearth/core';
import type { Bus } from '@hearth/runtime';
import { pause } from '../wait.ts';

const FRAME_MS = 100;
const FRAME_LENGTH = (SPEECH_RATE_HZ * FRAME_MS) / 1_000;

export interface SpeechToSend {
  readonly bus: Bus;
  readonly siteId: string;
  readonly turnId: string;
  /** 16 kHz, one channel. */
  readonly samples: Int16Array;
  /** At the pace of a microphone; else as fast as the broker takes them. */
  readonly realtime: boolean;
  /** A microphone stops when the assistant has heard enough. */
  heardEnough(): boolean;
  readonly signal: AbortSignal;
}

/** Resolves when the last frame is with the broker. */
export async function sendSpeech(speech: SpeechToSend): Promise<void> {
  const { bus, siteId, turnId, samples, realtime, signal } = speech;
  const startMs = performance.now();
  let seq = 0;
  for (let at = 0; at < samples.length && !speech.heardEnough(); at += FRAME_LENGTH) {
    if (realtime) await pauseUntil(startMs + (seq + 1) * FRAME_MS, signal);
    const body = bytesOf(samples.subarray(at, at + FRAME_LENGTH));
    const header = { rate: SPEECH_RATE_HZ, channels: 1, seq, turnId, last: false } as const;
    await bus.publish(audioIn, header, { siteId, body, signal });
    seq += 1;
  }
  const end = { rate: SPEECH_RATE_HZ, channels: 1, seq, turnId, last: true } as const;
  await bus.publish(audioIn, end, { siteId, signal });
}

async function pauseUntil(timeMs: number, signal: AbortSignal): Promise<void> {
  const leftMs = timeMs - performance.now();
  if (leftMs > 0) await pause(leftMs, signal);
}
