import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWyomingDecoder, encodeWyoming, type WyomingEvent } from './wyoming.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const decode = (frame: Uint8Array, step = frame.length): WyomingEvent[] => {
  const decoder = createWyomingDecoder();
  const events: WyomingEvent[] = [];
  for (let at = 0; at < frame.length; at += step) {
    events.push(...decoder.push(frame.subarray(at, at + step)));
  }
  expect(decoder.between).toBe(true);
  return events;
};

describe('a Wyoming frame', () => {
  it('is a line with lengths, then data, then payload', () => {
    const payload = Uint8Array.of(0, 10, 255, 1);
    const frame = encodeWyoming({ type: 'audio-chunk', data: { rate: 16_000 }, payload });
    const line = '{"type":"audio-chunk","version":"1.9.0","data_length":14,"payload_length":4}\n';
    expect(frame).toEqual(Uint8Array.of(...bytes(`${line}{"rate":16000}`), ...payload));
    expect(decode(frame)).toEqual([{ type: 'audio-chunk', data: { rate: 16_000 }, payload }]);
  });

  it('without data or payload is its line alone', () => {
    const frame = encodeWyoming({ type: 'describe' });
    expect(new TextDecoder().decode(frame)).toBe('{"type":"describe","version":"1.9.0"}\n');
    expect(decode(frame)).toEqual([{ type: 'describe', data: {}, payload: new Uint8Array(0) }]);
  });

  it('counts bytes, not characters', () => {
    const data = { text: 'grüße 你好' };
    expect(decode(encodeWyoming({ type: 'transcript', data }))[0]?.data).toEqual(data);
  });

  it('may carry data in its line; what stands behind it wins', () => {
    const frame = bytes('{"type":"x","data":{"a":1,"b":1},"data_length":7}\n{"b":2}');
    expect(decode(frame)[0]?.data).toEqual({ a: 1, b: 2 });
  });

  it('may have lengths of null', () => {
    const frame = bytes('{"type":"x","data_length":null,"payload_length":null}\n');
    expect(decode(frame)).toHaveLength(1);
  });

  it('is the same however the stream is cut, and keeps the bytes that it was given', () => {
    const frames = ['a', 'b', 'c'].map((type, i) =>
      encodeWyoming({ type, data: { i }, payload: new Uint8Array(i * 100).fill(10) }),
    );
    const stream = Uint8Array.from(frames.flatMap((frame) => [...frame]));
    const whole = decode(stream);
    expect(whole.map(({ type }) => type)).toEqual(['a', 'b', 'c']);
    for (const step of [1, 2, 7, 64]) expect(decode(stream, step)).toEqual(whole);

    const decoder = createWyomingDecoder();
    const buffer = Buffer.from(stream);
    const events = decoder.push(buffer);
    buffer.fill(0);
    expect(events).toEqual(whole);
  });
});

describe('a stream that is no Wyoming', () => {
  it.each([
    ['HTTP/1.1 400 Bad Request\r\n\r\n', 'BAD_FRAME'],
    ['[]\n', 'BAD_FRAME'],
    ['{"no":"type"}\n', 'BAD_FRAME'],
    ['{"type":"x","data_length":-1}\n', 'BAD_FRAME'],
    ['{"type":"x","payload_length":"9"}\n', 'BAD_FRAME'],
    ['{"type":"x","data_length":2}\n[]', 'BAD_FRAME'],
    ['{"type":"x","payload_length":99999999999}\n', 'FRAME_TOO_LARGE'],
    ['{"type":"x","data_length":99999999}\n', 'FRAME_TOO_LARGE'],
    ['x'.repeat(70_000), 'FRAME_TOO_LARGE'],
  ])('is refused (%#)', (stream, code) => {
    const decoder = createWyomingDecoder();
    expect(() => decoder.push(bytes(stream))).toThrow(expect.objectContaining({ code }));
    expect(() => decoder.push(encodeWyoming({ type: 'ping' }))).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('is not quoted in the error', () => {
    const decoder = createWyomingDecoder();
    expect(() => decoder.push(bytes('secret words\n'))).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});

const root = resolve(import.meta.dirname, '../../..');
const data = resolve(root, process.env['HEARTH_TEST_DATA'] ?? '../shared/data');
const recorded = join(data, 'wire/wyoming-frames.bin');

describe.skipIf(!existsSync(recorded))(
  'frames of the wyoming library (in HEARTH_TEST_DATA)',
  () => {
    it('are read, however they are cut', () => {
      const stream = readFileSync(recorded);
      const events = decode(stream);
      expect(events).toHaveLength(25);
      expect(events.map(({ type }) => type).slice(0, 4)).toEqual([
        'describe',
        'info',
        'transcribe',
        'audio-start',
      ]);
      expect(events[4]).toEqual({
        type: 'audio-chunk',
        data: { rate: 16_000, width: 2, channels: 1, timestamp: 12 },
        payload: Uint8Array.of(0, 10, 255, 1),
      });
      expect(events[6]?.data).toEqual({ text: 'grüße 你好', language: 'de' });
      expect(decode(stream, 5)).toEqual(events);
    });

    it('mean the same when they are written here', () => {
      const events = decode(readFileSync(recorded));
      const again = Uint8Array.from(events.flatMap((event) => [...encodeWyoming(event)]));
      expect(decode(again)).toEqual(events);
    });
  },
);
