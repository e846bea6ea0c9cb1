/** The first turn of `npm start`: a question in another voice, played in as a satellite would, heard, answered, spoken. */
import { createId, synthesize } from '@hearth/contracts';
import { samplesOf, toSpeech } from '@hearth/core';
import type { Bus } from '@hearth/runtime';
import { takeTurn } from './turn-client.ts';
import type { TurnResult } from './turn-notes.ts';

const QUESTION = 'what time is it';
/** Not the voice of the answers: nobody should wonder who speaks. */
const QUESTION_VOICE = 'rms';
const TIMEOUT_MS = 60_000;
/** People do not begin with the first sample, and stop talking before the microphone stops. */
const LEAD_MS = 300;
const TRAIL_MS = 800;
const SAMPLES_PER_MS = 16;

export async function takeFirstTurn(
  bus: Bus,
  { signal, tell }: { readonly signal: AbortSignal; readonly tell: (line: string) => void },
): Promise<TurnResult> {
  tell(`A first turn: another voice asks "${QUESTION}" …`);
  const speech = await speakQuestion(bus, signal);
  const question = { kind: 'speech', turnId: createId(), samples: speech } as const;
  return takeTurn({ bus, question, realtime: false, timeoutMs: TIMEOUT_MS, signal });
}

async function speakQuestion(bus: Bus, signal: AbortSignal): Promise<Int16Array> {
  const request = { text: QUESTION, voice: QUESTION_VOICE };
  const { data, body } = await bus.call(synthesize, request, { signal });
  const samples = Float32Array.from(samplesOf(body), (sample) => sample / 2 ** 15);
  const speech = toSpeech({ rateHz: data.rate, channels: data.channels, samples });
  const padded = new Int16Array(speech.length + (LEAD_MS + TRAIL_MS) * SAMPLES_PER_MS);
  padded.set(speech, LEAD_MS * SAMPLES_PER_MS);
  return padded;
}
