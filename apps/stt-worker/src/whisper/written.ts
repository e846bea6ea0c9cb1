/** Reads what whisper.cpp's `main -ojf` writes: segments with their tokens and how sure it is of each. */
import { RuntimeError } from '@hearth/runtime';
import { z } from 'zod';
import type { Written } from './dictate.ts';

const schema = z.object({
  transcription: z.array(
    z.object({
      text: z.string(),
      tokens: z.array(z.object({ text: z.string(), p: z.number() })).default([]),
    }),
  ),
});

/** `[_BEG_]`, `[_TT_50]`: marks, and no words. */
const MARK = /^\[_/;

/** @throws RuntimeError ENGINE_FAILED, which does not repeat what was written */
export function readWritten(json: string): Written {
  const { transcription } = parse(json);
  const text = transcription.map((segment) => segment.text.trim()).join(' ');
  const words = transcription
    .flatMap(({ tokens }) => tokens)
    .filter((token) => !MARK.test(token.text));
  if (words.length === 0) return { text };
  const sum = words.reduce((total, { p }) => total + p, 0);
  return { text, confidence: Math.min(1, Math.max(0, sum / words.length)) };
}

function parse(json: string): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(json));
  } catch {
    // The cause would quote it.
    throw new RuntimeError('ENGINE_FAILED', 'whisper.cpp wrote something that cannot be read');
  }
}
