/** Reads and writes WAV files. */
import { CoreError } from './errors.ts';
import { type SampleFormat, sampleReader } from './wav-samples.ts';

/** Sound as numbers. */
export interface Sound {
  readonly rateHz: number;
  readonly channels: number;
  /** Channels interleaved, -1 to 1; floating-point files may go beyond. */
  readonly samples: Float32Array;
}

export interface Wav extends Sound {
  /** Sample bytes that the header promises and the file lacks: more than 0 for a file that was cut off. */
  readonly missingBytes: number;
}

/** A telephone records at 8 kHz; 192 kHz is the most that sound cards offer. */
const MIN_RATE_HZ = 8_000;
const MAX_RATE_HZ = 192_000;
const MAX_CHANNELS = 64;

/** Writers to a pipe cannot go back to fill in the size; they leave 0xFFFFFFFF or some round number near 2 or 4 GiB. */
const UNKNOWN_SIZE = 0x7fff_0000;

const EXTENSIBLE = 0xfffe;

/**
 * Reads a whole file: PCM of 8 to 32 bits, floating point, A-law, mu-law, any number of channels up to 64. A file that is
 * cut off behind the start of its samples is read as far as it goes.
 *
 * @throws CoreError `NOT_A_WAV`, `BROKEN_WAV` or `UNSUPPORTED_WAV`
 */
export function readWav(bytes: Uint8Array): Wav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkRiff(view);
  const { format, data } = findChunks(view);
  const { rateHz, ...layout } = readFormat(view, format);
  const read = sampleReader(layout);
  const count = Math.floor(data.length / (layout.sampleBytes * layout.channels)) * layout.channels;
  const samples = new Float32Array(count);
  for (let i = 0; i < count; i++) samples[i] = read(view, data.start + i * layout.sampleBytes);
  return { rateHz, channels: layout.channels, samples, missingBytes: data.missing };
}

/** @returns a file of 16-bit PCM */
export function writeWav(sound: {
  readonly rateHz: number;
  readonly channels: number;
  readonly samples: Int16Array;
}): Uint8Array<ArrayBuffer> {
  const { rateHz, channels, samples } = sound;
  const bytes = new Uint8Array(44 + samples.length * 2);
  const view = new DataView(bytes.buffer);
  const text = new TextEncoder();
  bytes.set(text.encode('RIFF\0\0\0\0WAVEfmt '));
  view.setUint32(4, bytes.length - 8, true);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, rateHz * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  bytes.set(text.encode('data'), 36);
  view.setUint32(40, samples.length * 2, true);
  for (let i = 0; i < samples.length; i++) view.setInt16(44 + i * 2, samples[i] ?? 0, true);
  return bytes;
}

function checkRiff(view: DataView): void {
  if (view.byteLength === 0) throw new CoreError('NOT_A_WAV', 'the file is empty');
  const magic = tagAt(view, 0);
  if (magic === 'RIFX' || magic === 'RF64' || magic === 'BW64') {
    throw new CoreError('UNSUPPORTED_WAV', `${magic} files are not read; write it as plain RIFF`);
  }
  if (magic !== 'RIFF') {
    throw new CoreError('NOT_A_WAV', 'not a WAV file: it does not begin with RIFF');
  }
  if (view.byteLength < 12) throw new CoreError('BROKEN_WAV', 'the file ends inside its header');
  if (tagAt(view, 8) !== 'WAVE') {
    throw new CoreError('NOT_A_WAV', 'a RIFF file, but not of kind WAVE');
  }
}

interface Chunk {
  readonly start: number;
  readonly length: number;
  readonly missing: number;
}

/** Walks the chunks; each begins at an even offset. What is neither `fmt ` nor `data` is passed over. */
function findChunks(view: DataView): { format: Chunk; data: Chunk } {
  let format: Chunk | undefined;
  let data: Chunk | undefined;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const tag = tagAt(view, at);
    const chunk = chunkAt(view, at, tag);
    if (tag === 'fmt ') format ??= chunk;
    if (tag === 'data') data ??= chunk;
    if (format && data) return { format, data };
    at = chunk.start + chunk.length + (chunk.length % 2);
  }
  if (format === undefined) throw new CoreError('BROKEN_WAV', 'there is no "fmt " chunk');
  throw new CoreError('BROKEN_WAV', 'there is no "data" chunk');
}

function chunkAt(view: DataView, at: number, tag: string): Chunk {
  const start = at + 8;
  const size = view.getUint32(at + 4, true);
  const left = view.byteLength - start;
  if (tag !== 'data') return { start, length: Math.min(size, left), missing: 0 };
  // A size of 0 is true for an empty recording, and a lie for one that was streamed: then the RIFF size is wrong as well.
  const streamed =
    size >= UNKNOWN_SIZE || (size === 0 && view.getUint32(4, true) < start + left - 8);
  if (streamed) return { start, length: left, missing: 0 };
  return { start, length: Math.min(size, left), missing: Math.max(0, size - left) };
}

function readFormat(view: DataView, { start, length }: Chunk): SampleFormat & { rateHz: number } {
  if (length < 16) {
    throw new CoreError('BROKEN_WAV', `the "fmt " chunk has ${length} bytes, not 16 or more`);
  }
  const tag = view.getUint16(start, true);
  const channels = view.getUint16(start + 2, true);
  const rateHz = view.getUint32(start + 4, true);
  const bits = view.getUint16(start + 14, true);
  if (tag === EXTENSIBLE && length < 26) {
    throw new CoreError('BROKEN_WAV', 'the "fmt " chunk ends before its sub-format');
  }
  const codec = tag === EXTENSIBLE ? view.getUint16(start + 24, true) : tag;
  checkNumbers(channels, rateHz);
  // The width decides for itself where the block size contradicts it: some writers leave the latter 0.
  const bytesPerSample = view.getUint16(start + 12, true) / channels;
  const least = Math.ceil(bits / 8);
  const whole = Number.isInteger(bytesPerSample) && bytesPerSample >= least;
  return { codec, channels, rateHz, bits, sampleBytes: whole ? bytesPerSample : least };
}

function checkNumbers(channels: number, rateHz: number): void {
  if (channels === 0) throw new CoreError('BROKEN_WAV', 'it has zero channels');
  if (rateHz === 0) throw new CoreError('BROKEN_WAV', 'its sample rate is zero');
  if (channels > MAX_CHANNELS) {
    throw new CoreError('UNSUPPORTED_WAV', `${channels} channels; up to ${MAX_CHANNELS} are read`);
  }
  if (rateHz < MIN_RATE_HZ || rateHz > MAX_RATE_HZ) {
    const range = `${MIN_RATE_HZ} to ${MAX_RATE_HZ}`;
    throw new CoreError('UNSUPPORTED_WAV', `its sample rate is ${rateHz} Hz; read are ${range} Hz`);
  }
}

function tagAt(view: DataView, at: number): string {
  let tag = '';
  for (let i = at; i < Math.min(at + 4, view.byteLength); i++) {
    tag += String.fromCharCode(view.getUint8(i));
  }
  return tag;
}
