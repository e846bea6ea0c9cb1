import { describe, expect, it } from 'vitest';
import type { Segment } from './decoder.ts';
import { judge } from './verdict.ts';

const SILENCE = { word: '<sil>', start: 0, length: 30, score: -5 };

function path(word: string, length: number, score: number): Segment[] {
  return [SILENCE, { word, start: 30, length, score }];
}

describe('judge', () => {
  it('accepts a sentence that fits better than any sequence of phones', () => {
    const verdict = judge({
      commands: path('stop', 100, -30),
      phones: path('ph_s', 100, -40),
    });
    expect(verdict.accepted).toBe(true);
    expect(verdict.confidence).toBeGreaterThan(0.9);
  });

  it('rejects a sentence that fits clearly worse', () => {
    const verdict = judge({
      commands: path('stop', 100, -60),
      phones: path('ph_s', 100, -45),
    });
    expect(verdict.accepted).toBe(false);
    expect(verdict.confidence).toBeLessThan(0.2);
  });

  it('forgives a short word more than a long sentence', () => {
    const worseBy10 = (length: number) =>
      judge({ commands: path('stop', length, -50), phones: path('ph_s', length, -40) });
    expect(worseBy10(45).accepted).toBe(true);
    expect(worseBy10(200).accepted).toBe(false);
  });

  it('rejects a command with more than 250 ms of other speech beside it', () => {
    const evidence = (frames: number) => ({
      commands: path('stop', 100, -30),
      phones: [{ word: 'ph_s', start: 30, length: 100 + frames, score: -30 }],
      loud: Array<boolean>(200).fill(true),
    });
    expect(judge(evidence(25)).accepted).toBe(true);
    expect(judge(evidence(26)).accepted).toBe(false);
  });

  it('rejects what is no louder than the room: steady noise', () => {
    const evidence = { commands: path('thanks', 100, -30), phones: path('ph_s', 100, -30) };
    expect(judge({ ...evidence, loud: Array<boolean>(150).fill(false) }).accepted).toBe(false);
    expect(judge(evidence).accepted).toBe(true);
  });

  it('rejects silence and noises', () => {
    const noises = [SILENCE, { word: '[NOISE]', start: 30, length: 50, score: -5 }];
    expect(judge({ commands: noises, phones: noises, loud: [] })).toEqual({
      accepted: false,
      confidence: 0,
    });
    expect(judge({ commands: [], phones: [], loud: [] }).accepted).toBe(false);
  });
});
