/** Turns the sample bytes of a WAV file into numbers between -1 and 1, whatever their coding. */
import { CoreError } from './errors.ts';

/** The `fmt ` chunk, as far as it says how samples are written. */
export interface SampleFormat {
  /** WAVE format tag; that of the sub-format where the file is extensible. */
  readonly codec: number;
  readonly channels: number;
  /** Bits of one sample, 8 to 64. */
  readonly bits: number;
  /** Bytes of one sample with its padding; a 20-bit sample may take 3 or 4. */
  readonly sampleBytes: number;
}

type ReadSample = (view: DataView, at: number) => number;

/** Names for the codecs that are met in the wild, so that a refusal helps. */
const CODEC_NAMES: ReadonlyMap<number, string> = new Map([
  [0x0002, 'Microsoft ADPCM'],
  [0x0011, 'IMA ADPCM'],
  [0x0031, 'GSM 6.10'],
  [0x0040, 'G.721 ADPCM'],
  [0x0050, 'MPEG'],
  [0x0055, 'MP3'],
  [0x00ff, 'AAC'],
  [0x0161, 'Windows Media Audio'],
  [0xf1ac, 'FLAC'],
]);

/** @throws CoreError `UNSUPPORTED_WAV` for a codec or a width that is not read here */
export function sampleReader({ codec, bits, sampleBytes }: SampleFormat): ReadSample {
  const reader = READERS.get(codec)?.get(sampleBytes);
  if (reader !== undefined) return reader;
  if (READERS.has(codec)) {
    throw new CoreError('UNSUPPORTED_WAV', `${bits}-bit samples of codec ${codec} are not read`);
  }
  const name = CODEC_NAMES.get(codec);
  throw new CoreError(
    'UNSUPPORTED_WAV',
    `codec ${codec}${name === undefined ? '' : ` (${name})`} is not read; write the file as PCM`,
  );
}

/** Samples that are narrower than their bytes stand in the upper bits, so the full scale is always that of the bytes. */
const PCM = new Map<number, ReadSample>([
  [1, (view, at) => (view.getUint8(at) - 128) / 128],
  [2, (view, at) => view.getInt16(at, true) / 2 ** 15],
  [3, (view, at) => (view.getInt16(at + 1, true) * 256 + view.getUint8(at)) / 2 ** 23],
  [4, (view, at) => view.getInt32(at, true) / 2 ** 31],
]);

const FLOAT = new Map<number, ReadSample>([
  [4, (view, at) => finite(view.getFloat32(at, true))],
  [8, (view, at) => finite(view.getFloat64(at, true))],
]);

const A_LAW = new Map<number, ReadSample>([[1, (view, at) => aLaw(view.getUint8(at))]]);
const MU_LAW = new Map<number, ReadSample>([[1, (view, at) => muLaw(view.getUint8(at))]]);

const READERS: ReadonlyMap<number, ReadonlyMap<number, ReadSample>> = new Map([
  [1, PCM],
  [3, FLOAT],
  [6, A_LAW],
  [7, MU_LAW],
]);

/** One NaN would spread through every filter behind it. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

/** ITU-T G.711, A-law: every other bit is inverted; sign, 3 bits of exponent, 4 of mantissa. */
function aLaw(byte: number): number {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 7;
  const step = ((code & 15) << 4) + 8;
  const size = exponent === 0 ? step : (step + 256) << (exponent - 1);
  return ((code & 0x80) === 0 ? -size : size) / 2 ** 15;
}

/** ITU-T G.711, mu-law: all bits are inverted; the bias of 132 makes the segments meet. */
function muLaw(byte: number): number {
  const code = ~byte;
  const size = ((((code & 15) << 3) + 132) << ((code >> 4) & 7)) - 132;
  return ((code & 0x80) === 0 ? size : -size) / 2 ** 15;
}
