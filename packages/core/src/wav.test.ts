import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoreError } from './errors.ts';
import { readWav, writeWav } from './wav.ts';

interface Parts {
  codec?: number;
  channels?: number;
  rateHz?: number;
  bits?: number;
  blockAlign?: number;
  /** Sub-format of an extensible file. */
  subFormat?: number;
  fmt?: Uint8Array;
  data?: Uint8Array;
  dataSize?: number;
  riffSize?: number;
  before?: Uint8Array[];
  after?: Uint8Array[];
}

/** A file put together by hand, so that the reader is not tested against the writer alone. */
function wavOf(parts: Parts = {}): Uint8Array {
  const { channels = 1, rateHz = 16_000, bits = 16, codec = 1, data = new Uint8Array() } = parts;
  const blockAlign = parts.blockAlign ?? channels * Math.ceil(bits / 8);
  const fmt = parts.fmt ?? formatOf({ ...parts, codec, channels, rateHz, bits, blockAlign });
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    ...(parts.before ?? []),
    ...(fmt.length === 0 ? [] : [chunk('fmt ', fmt)]),
    chunk('data', data, parts.dataSize),
    ...(parts.after ?? []),
  ]);
  return chunk('RIFF', body, parts.riffSize);
}

function formatOf(parts: Required<Pick<Parts, 'codec' | 'channels' | 'rateHz' | 'bits'>> & Parts) {
  const { codec, channels, rateHz, bits, subFormat } = parts;
  const fmt = Buffer.alloc(subFormat === undefined ? 16 : 40);
  fmt.writeUInt16LE(subFormat === undefined ? codec : 0xfffe, 0);
  fmt.writeUInt16LE(channels, 2);
  fmt.writeUInt32LE(rateHz, 4);
  fmt.writeUInt32LE((rateHz * (parts.blockAlign ?? 0)) % 2 ** 32, 8);
  fmt.writeUInt16LE(parts.blockAlign ?? 0, 12);
  fmt.writeUInt16LE(bits, 14);
  if (subFormat !== undefined) fmt.writeUInt16LE(subFormat, 24);
  return fmt;
}

function chunk(tag: string, body: Uint8Array, size = body.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(tag, 'latin1');
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

function refusal(bytes: Uint8Array): string {
  try {
    readWav(bytes);
  } catch (error) {
    if (error instanceof CoreError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

const half = (write: (buffer: Buffer, value: number) => void, width: number, value: number) => {
  const buffer = Buffer.alloc(width);
  write(buffer, value);
  return buffer;
};

describe('readWav', () => {
  const widths: [string, Parts][] = [
    ['8-bit', { bits: 8, data: Uint8Array.of(192) }],
    ['16-bit', { bits: 16, data: half((b, v) => b.writeInt16LE(v), 2, 0x4000) }],
    ['24-bit', { bits: 24, data: half((b, v) => b.writeIntLE(v, 0, 3), 3, 0x40_0000) }],
    ['32-bit', { bits: 32, data: half((b, v) => b.writeInt32LE(v), 4, 0x4000_0000) }],
    ['float32', { codec: 3, bits: 32, data: half((b, v) => b.writeFloatLE(v), 4, 0.5) }],
    ['float64', { codec: 3, bits: 64, data: half((b, v) => b.writeDoubleLE(v), 8, 0.5) }],
    ['20 bits in 3 bytes', { bits: 20, data: half((b, v) => b.writeIntLE(v, 0, 3), 3, 0x40_0000) }],
    [
      '24 bits in 4 bytes',
      { bits: 24, blockAlign: 4, data: half((b, v) => b.writeInt32LE(v), 4, 0x4000_0000) },
    ],
    ['extensible 16-bit', { subFormat: 1, data: half((b, v) => b.writeInt16LE(v), 2, 0x4000) }],
    [
      'extensible float32',
      { subFormat: 3, bits: 32, data: half((b, v) => b.writeFloatLE(v), 4, 0.5) },
    ],
    ['a block size of 0', { blockAlign: 0, data: half((b, v) => b.writeInt16LE(v), 2, 0x4000) }],
  ];
  it.each(widths)('reads half of full scale as 0.5: %s', (_, parts) => {
    expect([...readWav(wavOf(parts)).samples]).toEqual([0.5]);
  });

  it('reads negative samples of every width', () => {
    expect(readWav(wavOf({ bits: 8, data: Uint8Array.of(0) })).samples[0]).toBe(-1);
    expect(readWav(wavOf({ bits: 24, data: Uint8Array.of(0xff, 0xff, 0xff) })).samples[0]).toBe(
      -1 / 2 ** 23,
    );
    expect(readWav(wavOf({ bits: 32, data: Uint8Array.of(0, 0, 0, 0x80) })).samples[0]).toBe(-1);
  });

  it('reads A-law and mu-law by the tables of G.711', () => {
    const aLaw = Uint8Array.of(0xd5, 0x55, 0xaa, 0x2a, 0x80);
    expect([...readWav(wavOf({ codec: 6, bits: 8, data: aLaw })).samples].map(toInt)).toEqual([
      8, -8, 32_256, -32_256, 5_504,
    ]);
    const muLaw = Uint8Array.of(0xff, 0x7f, 0x80, 0x00, 0xf0);
    expect([...readWav(wavOf({ codec: 7, bits: 8, data: muLaw })).samples].map(toInt)).toEqual([
      0, 0, 32_124, -32_124, 120,
    ]);
  });

  it('takes a broken floating-point number for silence', () => {
    const data = half((b, v) => b.writeFloatLE(v), 4, Number.NaN);
    expect([...readWav(wavOf({ codec: 3, bits: 32, data })).samples]).toEqual([0]);
  });

  it('keeps rate and channels, and the channels interleaved', () => {
    const data = Buffer.from(Int16Array.of(1, 2, 3, 4, 5, 6).buffer);
    const wav = readWav(wavOf({ channels: 3, rateHz: 44_100, data }));
    expect(wav).toMatchObject({ channels: 3, rateHz: 44_100, missingBytes: 0 });
    expect([...wav.samples].map(toInt)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('passes over other chunks, an odd one with its padding included', () => {
    const list = chunk('LIST', Buffer.from('INFOx'));
    const data = Buffer.from(Int16Array.of(7).buffer);
    const wav = readWav(wavOf({ before: [list], data, after: [list] }));
    expect([...wav.samples].map(toInt)).toEqual([7]);
  });

  it('reads a file inside a larger buffer, at an odd address', () => {
    const file = wavOf({ data: Buffer.from(Int16Array.of(7).buffer) });
    const larger = Buffer.concat([Buffer.alloc(3), file, Buffer.alloc(9)]);
    expect(readWav(larger.subarray(3, 3 + file.length)).samples).toHaveLength(1);
  });

  it.each([
    ['0', 0, 36],
    ['0 with a RIFF size of 0', 0, 0],
    ['0xFFFFFFFF', 0xffff_ffff, 0xffff_ffff],
    ['about 2 GiB', 0x7fff_ffdb, 0x7fff_ffff],
  ])('reads to the end when a streaming writer left the size %s', (_, dataSize, riffSize) => {
    const data = Buffer.alloc(200);
    const wav = readWav(wavOf({ data, dataSize, riffSize }));
    expect(wav.samples).toHaveLength(100);
    expect(wav.missingBytes).toBe(0);
  });

  it('reads an empty recording as empty, though a chunk follows', () => {
    const wav = readWav(wavOf({ after: [chunk('LIST', Buffer.from('INFO'))] }));
    expect(wav.samples).toHaveLength(0);
  });

  it('reads a file that was cut off as far as it goes and counts what is missing', () => {
    const file = wavOf({ data: Buffer.alloc(2000) });
    const wav = readWav(file.subarray(0, file.length - 501));
    expect(wav.samples).toHaveLength(749);
    expect(wav.missingBytes).toBe(501);
  });

  it.each([8_000, 11_025, 48_000, 96_000, 192_000])('accepts %i Hz', (rateHz) => {
    expect(readWav(wavOf({ rateHz })).rateHz).toBe(rateHz);
  });

  const broken: [string, Uint8Array, string][] = [
    ['an empty file', new Uint8Array(), 'NOT_A_WAV: the file is empty'],
    [
      'text',
      Buffer.from('hello, this is no sound'),
      'NOT_A_WAV: not a WAV file: it does not begin',
    ],
    [
      'RIFF of another kind',
      Buffer.from('RIFF\0\0\0\0AVI LIST'),
      'NOT_A_WAV: a RIFF file, but not',
    ],
    ['RIFF alone', Buffer.from('RIFF\0\0'), 'BROKEN_WAV: the file ends inside its header'],
    ['RF64', Buffer.from('RF64\0\0\0\0WAVE'), 'UNSUPPORTED_WAV: RF64'],
    ['a file without chunks', wavOf().subarray(0, 12), 'BROKEN_WAV: there is no "fmt " chunk'],
    ['no format', wavOf({ fmt: new Uint8Array() }), 'BROKEN_WAV: there is no "fmt " chunk'],
    ['no data', wavOf().subarray(0, 36), 'BROKEN_WAV: there is no "data" chunk'],
    ['a cut data header', wavOf().subarray(0, 41), 'BROKEN_WAV: there is no "data" chunk'],
    [
      'a short format',
      wavOf({ fmt: Buffer.alloc(14) }),
      'BROKEN_WAV: the "fmt " chunk has 14 bytes',
    ],
    [
      'an extensible format without its sub-format',
      wavOf({ fmt: formatOf({ codec: 0xfffe, channels: 1, rateHz: 16_000, bits: 16 }) }),
      'BROKEN_WAV: the "fmt " chunk ends before its sub-format',
    ],
    ['zero channels', wavOf({ channels: 0 }), 'BROKEN_WAV: it has zero channels'],
    ['a rate of zero', wavOf({ rateHz: 0 }), 'BROKEN_WAV: its sample rate is zero'],
    ['too slow', wavOf({ rateHz: 4_000 }), 'UNSUPPORTED_WAV: its sample rate is 4000 Hz'],
    ['too fast', wavOf({ rateHz: 384_000 }), 'UNSUPPORTED_WAV: its sample rate is 384000 Hz'],
    ['too many channels', wavOf({ channels: 65 }), 'UNSUPPORTED_WAV: 65 channels'],
    ['zero bits', wavOf({ bits: 0 }), 'UNSUPPORTED_WAV: 0-bit samples'],
    ['MP3 in a WAV', wavOf({ codec: 0x55 }), 'UNSUPPORTED_WAV: codec 85 (MP3) is not read'],
    ['an unknown codec', wavOf({ codec: 0x1234 }), 'UNSUPPORTED_WAV: codec 4660 is not read'],
    ['64-bit PCM', wavOf({ bits: 64 }), 'UNSUPPORTED_WAV: 64-bit samples of codec 1'],
  ];
  it.each(broken)('refuses %s and says what is wrong', (_, bytes, why) => {
    expect(refusal(bytes)).toContain(why);
  });

  it('answers any bytes with sound or a CoreError', () => {
    const header = wavOf({ data: Buffer.alloc(8) });
    const change = fc.tuple(fc.nat(header.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.nat(header.length), (changes, length) => {
        const bytes = Uint8Array.from(header);
        for (const [at, value] of changes) bytes[at] = value;
        expect(refusal(bytes.subarray(0, length))).toMatch(/^(accepted|[A-Z_]+_WAV: .+)$/);
      }),
    );
  });
});

describe('writeWav', () => {
  it('writes what readWav reads', () => {
    fc.assert(
      fc.property(fc.int16Array(), fc.constantFrom(1, 2), (samples, channels) => {
        const whole = samples.slice(0, samples.length - (samples.length % channels));
        const wav = readWav(writeWav({ rateHz: 22_050, channels, samples: whole }));
        expect(wav).toMatchObject({ rateHz: 22_050, channels, missingBytes: 0 });
        expect([...wav.samples].map(toInt)).toEqual([...whole]);
      }),
    );
  });

  it('writes the header of 44 bytes that players expect', () => {
    const samples = Int16Array.of(1, -1);
    const ours = writeWav({ rateHz: 16_000, channels: 1, samples });
    expect(Buffer.from(ours)).toEqual(Buffer.from(wavOf({ data: Buffer.from(samples.buffer) })));
  });
});

function toInt(sample: number): number {
  // Adding 0 turns the codecs' negative zero into the plain one.
  return sample * 2 ** 15 + 0;
}
