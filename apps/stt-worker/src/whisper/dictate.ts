/** What goes before and after every engine of Whisper's kind, so that silence gives no text. */
import type { Hearing } from '../engines/transcriber.ts';
import { withoutInvented } from './invented.ts';
import { listenTo, padded } from './sound.ts';

export interface Written {
  readonly text: string;
  /** 0 to 1, where the engine tells. */
  readonly confidence?: number;
}

/** @param write what the engine makes of the sound; not asked where there is nothing to be heard */
export async function dictate(
  samples: Int16Array,
  write: (samples: Int16Array<ArrayBuffer>) => Promise<Written>,
): Promise<Hearing> {
  const impression = listenTo(samples);
  if (!impression.audible) return { text: '', confidence: 0 };
  const { text, confidence = 1 } = await write(padded(samples));
  const said = withoutInvented(text, impression);
  return { text: said, confidence: said === '' ? 0 : confidence };
}
