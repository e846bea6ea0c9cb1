/** Samples from bytes that arrive piece by piece: raw 16-bit PCM, or a WAV file that is still being written. */
import { RuntimeError } from '@hearth/runtime';
import type { Speech } from '../synthesizer.ts';

export interface PcmFormat {
  readonly rateHz: number;
  readonly channels: number;
}

/** A WAV header with everything that editors write into it. */
const MAX_HEADER_BYTES = 65_536;
const PCM_16_BITS = 16;
/** Enough to know RIFF and the compressed formats by. */
const MAGIC_BYTES = 4;

/**
 * @param assumed what raw samples are in: they do not say
 * @throws RuntimeError REMOTE_FAILED for bytes that are no such audio
 */
export async function* speechFrom(
  bytes: AsyncIterable<Uint8Array>,
  assumed: PcmFormat,
): AsyncGenerator<Speech> {
  let head: Buffer = Buffer.alloc(0);
  let reader: PcmReader | undefined;
  for await (const chunk of bytes) {
    let next = chunk;
    if (!reader) {
      head = Buffer.concat([head, chunk]);
      const found = readHead(head, assumed);
      if (!found) continue;
      reader = createPcmReader(found.format);
      next = head.subarray(found.bytes);
    }
    const speech = reader.push(next);
    if (speech.samples.length > 0) yield speech;
  }
  if (!reader) throw noAudio('no audio came');
}

export interface PcmReader {
  /** The samples that are complete with these bytes, in one channel. */
  push(bytes: Uint8Array): Speech;
}

export function createPcmReader({ rateHz, channels }: PcmFormat): PcmReader {
  const frameBytes = 2 * channels;
  let rest: Buffer = Buffer.alloc(0);
  return {
    push(bytes) {
      const all = Buffer.concat([rest, bytes]);
      const whole = all.length - (all.length % frameBytes);
      rest = all.subarray(whole);
      return { rateHz, samples: mono(all.subarray(0, whole), channels) };
    },
  };
}

/** Undefined while more is needed. */
function readHead(
  bytes: Buffer,
  assumed: PcmFormat,
): { readonly format: PcmFormat; readonly bytes: number } | undefined {
  if (bytes.length < MAGIC_BYTES) return undefined;
  const magic = bytes.toString('latin1', 0, MAGIC_BYTES);
  if (magic !== 'RIFF') {
    if (isCompressed(bytes, magic))
      throw noAudio('the server sends compressed audio, not PCM or WAV');
    return { format: assumed, bytes: 0 };
  }
  if (bytes.length > MAX_HEADER_BYTES) throw noAudio('the WAV header has no end');
  return readWavHead(bytes);
}

function readWavHead(
  bytes: Buffer,
): { readonly format: PcmFormat; readonly bytes: number } | undefined {
  let format: PcmFormat | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    // The length of `data` is not known yet when a server streams: what comes is what counts.
    if (name === 'data' && format) return { format, bytes: at + 8 };
    if (at + 8 + length > bytes.length) return undefined;
    if (name === 'fmt ' && length >= 16) format = readFormat(bytes.subarray(at + 8));
    at += 8 + length + (length % 2);
  }
  return undefined;
}

function readFormat(chunk: Buffer): PcmFormat {
  const channels = chunk.readUInt16LE(2);
  const rateHz = chunk.readUInt32LE(4);
  const bits = chunk.readUInt16LE(14);
  if (bits !== PCM_16_BITS) throw noAudio(`the WAV has ${bits} bits per sample, not 16`);
  return checkedFormat({ rateHz, channels });
}

/** @throws RuntimeError REMOTE_FAILED for what the wire cannot carry */
export function checkedFormat(format: PcmFormat): PcmFormat {
  const { rateHz, channels } = format;
  if (rateHz >= 8_000 && rateHz <= 48_000 && (channels === 1 || channels === 2)) return format;
  throw noAudio(`${rateHz} Hz with ${channels} channels is no speech`);
}

function isCompressed(bytes: Buffer, magic: string): boolean {
  const isMp3 = magic.startsWith('ID3') || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe6) === 0xe2);
  return isMp3 || magic === 'OggS' || magic === 'fLaC';
}

function mono(bytes: Buffer, channels: number): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(bytes.length / (2 * channels));
  for (let i = 0; i < samples.length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += bytes.readInt16LE(2 * (i * channels + c));
    samples[i] = Math.round(sum / channels);
  }
  return samples;
}

function noAudio(message: string): RuntimeError {
  return new RuntimeError('REMOTE_FAILED', message);
}
