/** A question as a person would say it, spoken by the house's own voice. */
import { SPEECH_RATE_HZ, synthesize } from '@hearth/contracts';
import { createSpeechStream, samplesOf } from '@hearth/core';
import type { Bus } from '@hearth/runtime';

/** Of the voices that come with Hearth, this one is understood best. */
const VOICE = 'rms';
/** Nobody speaks from the first to the last sample of a recording. */
const QUIET_MS = 300;

/** @returns 16 kHz, one channel, with some silence around */
export async function speak(bus: Bus, text: string): Promise<Int16Array> {
  const { data, body } = await bus.call(synthesize, { text, voice: VOICE });
  const stream = createSpeechStream({ rateHz: data.rate, channels: data.channels });
  const parts = [quiet(), stream.push(samplesOf(body)), stream.end(), quiet()];
  const speech = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    speech.set(part, at);
    at += part.length;
  }
  return speech;
}

function quiet(): Int16Array {
  return new Int16Array((SPEECH_RATE_HZ * QUIET_MS) / 1_000);
}
