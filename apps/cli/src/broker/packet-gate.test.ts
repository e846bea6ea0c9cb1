import { describe, expect, it } from 'vitest';
import { createPacketGate } from './packet-gate.ts';

/** A packet with the given body length: type byte, length field, body. */
function packet(bodyBytes: number): Uint8Array {
  const length: number[] = [];
  let rest = bodyBytes;
  do {
    const more = rest >= 128;
    length.push((rest % 128) | (more ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Uint8Array.from([0x30, ...length, ...Array<number>(bodyBytes).fill(0xff)]);
}

describe('packet gate', () => {
  it('lets packets up to the limit pass, however the stream is cut', () => {
    const stream = Uint8Array.from([0, 1, 127, 128, 300].flatMap((size) => [...packet(size)]));
    for (let cut = 1; cut <= stream.length; cut += 7) {
      const gate = createPacketGate(300);
      for (let at = 0; at < stream.length; at += cut) {
        expect(gate.push(stream.subarray(at, at + cut))).toBe(true);
      }
    }
  });

  it('closes at the length field of a packet above the limit, before its body has come', () => {
    const gate = createPacketGate(300);
    expect(gate.push(packet(300))).toBe(true);
    expect(gate.push(packet(301).subarray(0, 3))).toBe(false);
    expect(gate.push(packet(1))).toBe(false);
  });

  it('closes at a length field of more than four bytes', () => {
    const gate = createPacketGate(2 ** 30);
    expect(gate.push(Uint8Array.from([0x30, 0xff, 0xff, 0xff]))).toBe(true);
    expect(gate.push(Uint8Array.from([0xff]))).toBe(false);
  });
});
