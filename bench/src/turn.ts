/** Takes one spoken turn as a satellite would, and writes down when what happened. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  audioIn,
  audioOut,
  createId,
  SPEECH_RATE_HZ,
  traceSpan,
  ttsStatus,
  turnState,
} from '@hearth/contracts';
import { bytesOf } from '@hearth/core';
import { type Bus, preciseNow } from '@hearth/runtime';
import { expectWithin } from './deadline.ts';

/** Times in milliseconds since the Unix epoch, as spans have them. */
export interface Course {
  /** Just before the last frame was sent. */
  readonly askedMs: number;
  /** When the first audio came. */
  readonly audioMs: number;
  readonly spans: readonly Span[];
}

interface Span {
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly engine: boolean;
}

const LIMIT_MS = 30_000;
/** As satellites do. */
const FRAME_MS = 100;
const FRAME_LENGTH = (SPEECH_RATE_HZ * FRAME_MS) / 1_000;
/** Spans that every spoken turn has; they are sent at QoS 0 and may come after its end. */
const EXPECTED = ['stt.decode', 'llm.answer', 'tts.synthesize', 'turn'];

/** How fast the frames are sent: at the pace of a microphone, or as fast as the broker takes them. */
export type Pace = 'live' | 'fast';

/** @throws Error when the turn is not answered within 30 s */
export async function takeTurn(bus: Bus, speech: Int16Array, pace: Pace): Promise<Course> {
  const siteId = `bench-${createId().toLowerCase()}`;
  const turnId = createId();
  const audio = expectWithin<number>(LIMIT_MS, () => 'no audio came');
  const done = expectWithin<string>(LIMIT_MS, () => 'the turn did not end');
  const traced = expectWithin<void>(LIMIT_MS, () => `spans are missing of ${EXPECTED.join(', ')}`);
  const spans: Span[] = [];

  const subscriptions = await Promise.all([
    bus.subscribe(
      audioOut,
      async ({ data, body }) => {
        if (body.length > 0) audio.resolve(preciseNow());
        if (data.last)
          await bus.publish(ttsStatus, { event: 'playback-finished' }, { siteId, turnId });
      },
      { siteId, limit: 10_000 },
    ),
    bus.subscribe(
      turnState,
      ({ data }) => {
        if (data.state === 'done') done.resolve(data.error?.code ?? data.outcome);
      },
      { siteId },
    ),
    bus.subscribe(traceSpan, ({ data, context }) => {
      if (context.turnId !== turnId) return;
      spans.push(data);
      if (EXPECTED.every((name) => spans.some((span) => span.name === name))) traced.resolve();
    }),
  ]);
  try {
    const askedMs = await send(bus, speech, pace, { siteId, turnId });
    const outcome = await done.promise;
    if (outcome !== 'answered') throw new Error(`the turn ended with ${outcome}`);
    await traced.promise;
    return { askedMs, audioMs: await audio.promise, spans };
  } finally {
    for (const { release } of [audio, done, traced]) release();
    await Promise.all(subscriptions.map((subscription) => subscription.close()));
  }
}

/** @returns when the last frame was sent */
async function send(
  bus: Bus,
  speech: Int16Array,
  pace: Pace,
  context: { readonly siteId: string; readonly turnId: string },
): Promise<number> {
  const form = { rate: SPEECH_RATE_HZ, channels: 1, turnId: context.turnId } as const;
  const startMs = preciseNow();
  let seq = 0;
  for (let at = 0; at < speech.length; at += FRAME_LENGTH) {
    const body = bytesOf(speech.subarray(at, at + FRAME_LENGTH));
    const dueMs = startMs + (seq + 1) * FRAME_MS;
    if (pace === 'live') await sleep(Math.max(0, dueMs - preciseNow()));
    await bus.publish(audioIn, { ...form, seq, last: false }, { ...context, body });
    seq += 1;
  }
  const askedMs = preciseNow();
  await bus.publish(audioIn, { ...form, seq, last: true }, context);
  return askedMs;
}
