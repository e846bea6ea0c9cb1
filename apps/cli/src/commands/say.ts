/** `hearth say "text"`: turns a text into a WAV file. */
import path from 'node:path';
import { createId, synthesize } from '@hearth/contracts';
import { samplesOf } from '@hearth/core';
import { saveAnswer, saveSound } from '../turn/answers.ts';
import { findAssistant } from '../house/find-assistant.ts';
import type { SpokenSound } from '../turn/turn-sound.ts';
import type { Invocation } from './common.ts';

export interface SayOptions {
  readonly voice: string | undefined;
  readonly speed: number | undefined;
  readonly out: string | undefined;
}

/** @returns the exit code */
export async function say(
  { settings, screen, signal }: Invocation,
  text: string,
  { voice, speed, out }: SayOptions,
): Promise<number> {
  const { tell } = screen;
  const assistant = await findAssistant({ settings, service: 'tts-worker', signal, tell });
  try {
    const request = { text, ...(voice && { voice }), ...(speed && { speed }) };
    const { data, body } = await assistant.bus.call(synthesize, request, { signal });
    const sound: SpokenSound = {
      rateHz: data.rate,
      channels: data.channels,
      samples: samplesOf(body),
    };
    const audio = out
      ? await saveSound(path.resolve(out), sound)
      : await saveAnswer(settings.HEARTH_DATA_DIR, createId(), sound);
    const seconds = (data.durationMs / 1_000).toFixed(1);
    const json = { audio, durationMs: data.durationMs, rate: data.rate, channels: data.channels };
    screen.print(`${audio} (${seconds} s)`, { ...json, error: null });
    return 0;
  } finally {
    await assistant.close();
  }
}
