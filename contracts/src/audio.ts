/** Audio on the wire: one JSON header line, a line feed, then signed 16-bit little-endian samples. Never base64. */
import { z } from 'zod';
import { defineTopic } from './topic.ts';

/** What every engine is given: 16 kHz, one channel. */
export const SPEECH_RATE_HZ = 16_000;

export const frameHeaderSchema = z.strictObject({
  /** Samples per second, 8,000 to 48,000. */
  rate: z.number().int().min(8_000).max(48_000),
  channels: z.union([z.literal(1), z.literal(2)]),
  /** Counts up from 0 within one turn, so that a gap or a repeat can be seen. */
  seq: z.number().int().nonnegative(),
  turnId: z.string().min(1).max(128),
  /** True on the last frame of this turn; it may be empty. */
  last: z.boolean(),
});
export type FrameHeader = z.infer<typeof frameHeaderSchema>;

export const pcmFormatSchema = frameHeaderSchema.pick({ rate: true, channels: true });
export type PcmFormat = z.infer<typeof pcmFormatSchema>;

export const audioIn = defineTopic('audio/in', frameHeaderSchema, {
  about: 'Microphone frames of one turn',
  scope: 'site',
  format: 'frame',
});

export const audioOut = defineTopic('audio/out', frameHeaderSchema, {
  about: 'Speech to be played',
  scope: 'site',
  format: 'frame',
});

/** @returns header line, line feed, samples */
export function encodeLine(header: unknown, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const line = new TextEncoder().encode(`${JSON.stringify(header)}\n`);
  const bytes = new Uint8Array(line.length + body.length);
  bytes.set(line);
  bytes.set(body, line.length);
  return bytes;
}

/** Splits at the first line feed. JSON holds none, so the rest is the body. `body` is undefined when there is no line feed. */
export function splitLine(payload: Uint8Array): { line: string; body: Uint8Array | undefined } {
  const end = payload.indexOf(0x0a);
  const line = new TextDecoder('utf-8', { fatal: true }).decode(
    end < 0 ? payload : payload.subarray(0, end),
  );
  return { line, body: end < 0 ? undefined : payload.subarray(end + 1) };
}
