/** A whole text as one piece of audio: for the call `synthesize` and for files. */
import { speakable } from '@hearth/core';
import type { TtsEngine } from './engine.ts';
import type { Speech, SynthesisRequest } from './engines/synthesizer.ts';
import { cutUnits } from './speaking/units.ts';

/**
 * In units, so that whoever is waiting for its first words gets its turn in between.
 * @throws what the engine does
 */
export async function synthesizeWhole(
  engine: Pick<TtsEngine, 'call'>,
  { text, ...how }: SynthesisRequest,
  signal: AbortSignal,
): Promise<Speech> {
  const units = cutUnits(speakable(text));
  const spoken: Speech[] = [];
  // The empty text gives no samples, but the rate of the voice, or its refusal.
  for (const unit of units.length > 0 ? units : ['']) {
    spoken.push(await engine.call('synthesize', { text: unit, ...how }, { signal }));
  }
  return join(spoken);
}

function join(parts: readonly Speech[]): Speech {
  const samples = new Int16Array(parts.reduce((sum, part) => sum + part.samples.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part.samples, at);
    at += part.samples.length;
  }
  return { rateHz: parts[0]?.rateHz ?? 0, samples };
}
