import { describe, expect, it } from 'vitest';
import { recordings } from '../fixtures/recordings.ts';
import { joined, noise, silence, tone } from '../fixtures/sounds.ts';
import { listenTo, padded } from './sound.ts';

const people = await recordings([
  { file: 'speech/what_time_is_it.wav' },
  { file: 'speech/play_the_beatles.wav' },
  { file: 'speech/living_room_light_en.wav' },
  { file: 'speech/this_is_a_test.wav' },
  { file: 'speech/jfk.wav' },
]);

describe('the first impression of a sound', () => {
  it.each([
    ['nothing', new Int16Array()],
    ['a sample', new Int16Array(1)],
    ['silence', silence(2)],
    ['a quiet room', noise(2, -65)],
    ['a click', joined(silence(1), noise(0.02, -10), silence(1))],
  ])('of %s is that there is nothing to be heard', (_, samples) => {
    expect(listenTo(samples)).toEqual({ audible: false, doubtful: true });
  });

  it.each([
    ['a fan', noise(3, -20)],
    ['a tone', tone(2, -20)],
    ['a knock', joined(silence(1), noise(0.1, -10), silence(1))],
  ])('of %s is that it is hardly speech', (_, samples) => {
    expect(listenTo(samples)).toEqual({ audible: true, doubtful: true });
  });

  it.runIf(people.length === 0)('recordings of people: none on this machine', (context) => {
    context.skip('HEARTH_TEST_DATA names no folder with recordings');
  });

  it.each(people)('of $file is that somebody speaks', ({ samples }) => {
    expect(listenTo(samples)).toEqual({ audible: true, doubtful: false });
  });

  it('does not shorten what is long, and pads what is too short for Whisper', () => {
    expect(padded(silence(2)).length).toBe(32_000);
    expect(padded(Int16Array.of(7)).length).toBeGreaterThan(16_000);
    expect(padded(Int16Array.of(7))[0]).toBe(7);
  });
});
