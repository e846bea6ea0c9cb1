import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findSpeech, type SpeechEnded } from './endpoint.ts';
import { toSpeech } from './pcm.ts';
import { readWav } from './wav.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = join(resolve(root, process.env['HEARTH_TEST_DATA'] ?? '../shared/data'), 'speech');
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.wav')) : [];

function read(name: string): Int16Array {
  return toSpeech(readWav(readFileSync(join(folder, name))));
}

const seconds = ({ startSample, endSample }: SpeechEnded) => (endSample - startSample) / 16_000;

describe('recordings of people', () => {
  it('have speech in each of them', ({ skip }) => {
    if (files.length === 0) skip('no recordings: set HEARTH_TEST_DATA');
    for (const name of files) {
      const samples = read(name);
      const spoken = findSpeech(samples);
      expect(spoken.length, name).toBeGreaterThan(0);
      expect(spoken.at(-1)?.endSample, name).toBeLessThanOrEqual(samples.length);
    }
  });

  it('with long silence around one sentence give that sentence', ({ skip }) => {
    if (!files.includes('this_is_a_test.wav')) skip('no this_is_a_test.wav: set HEARTH_TEST_DATA');
    const spoken = findSpeech(read('this_is_a_test.wav'));
    expect(spoken).toHaveLength(1);
    expect(spoken.map(seconds)[0]).toBeLessThan(2);
  });

  it('of 44 s of reading are cut only at pauses', ({ skip }) => {
    if (!files.includes('two_cities.wav')) skip('no two_cities.wav: set HEARTH_TEST_DATA');
    const spoken = findSpeech(read('two_cities.wav'));
    expect(spoken.map(({ reason }) => reason)).not.toContain('too-long');
    const total = spoken.map(seconds).reduce((sum, length) => sum + length, 0);
    expect(total).toBeGreaterThan(35);
  });

  it('at 44.1 kHz in stereo come out at 16 kHz in one channel', ({ skip }) => {
    if (!files.includes('lamp_44k1_stereo.wav'))
      skip('no lamp_44k1_stereo.wav: set HEARTH_TEST_DATA');
    expect(read('lamp_44k1_stereo.wav').length / 16_000).toBeCloseTo(2.99, 1);
    expect(findSpeech(read('lamp_44k1_stereo.wav'))).toHaveLength(1);
  });
});
