import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createEndpointer,
  type EndpointEvent,
  type EndpointOptions,
  findSpeech,
} from './endpoint.ts';

const RATE_HZ = 16_000;
/** One window more on either side: sounds do not begin where windows do. */
const SLACK = 2 * 320;

type Part = [seconds: number, kind: 'noise' | 'tone' | 'speech', db: number];

/** The same pseudo-random noise on every run. */
function room(...parts: Part[]): Int16Array {
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 31 - 1;
  };
  let time = 0;
  const samples = parts.flatMap(([seconds, kind, db]) =>
    Array.from({ length: Math.round(seconds * RATE_HZ) }, () => {
      time += 1;
      const rms = 10 ** (db / 20) * 32_768;
      const tone = Math.sin((2 * Math.PI * 440 * time) / RATE_HZ) * Math.SQRT2;
      // 4 syllables per second, each 200 ms long.
      const voiced = kind !== 'speech' || time % 4_000 < 3_200;
      if (kind === 'noise') return random() * Math.sqrt(3) * rms;
      return (voiced ? tone * rms : 0) + random() * 20;
    }),
  );
  return Int16Array.from(samples, (sample) => Math.max(-32_768, Math.min(32_767, sample)));
}

function hear(samples: Int16Array, options?: EndpointOptions, frame = 512): EndpointEvent[] {
  const endpointer = createEndpointer(options);
  const events: EndpointEvent[] = [];
  for (let at = 0; at < samples.length; at += frame) {
    events.push(...endpointer.push(samples.subarray(at, at + frame)));
  }
  return [...events, ...endpointer.end()];
}

function expectNear(sample: number | undefined, seconds: number): void {
  expect(Math.abs((sample ?? -1e9) - seconds * RATE_HZ)).toBeLessThanOrEqual(SLACK);
}

describe('createEndpointer', () => {
  it('says where speech began and ended, with 300 ms of silence on either side', () => {
    const events = hear(room([1, 'noise', -60], [1.2, 'tone', -20], [2, 'noise', -60]));
    expect(events).toMatchObject([
      { event: 'speech-started' },
      { event: 'speech-ended', reason: 'silence' },
    ]);
    const [started, ended] = events;
    expectNear(started?.startSample, 0.7);
    expect(ended?.startSample).toBe(started?.startSample);
    expectNear(ended?.event === 'speech-ended' ? ended.endSample : undefined, 2.5);
    expect(ended).toMatchObject({ speechMs: expect.closeTo(1_200, -2) });
  });

  it('ends 700 ms after the last sound', () => {
    const samples = room([1, 'noise', -60], [0.5, 'tone', -20], [2, 'noise', -60]);
    const endpointer = createEndpointer();
    expect(endpointer.push(samples.subarray(0, 2.15 * RATE_HZ))).toHaveLength(1);
    expect(endpointer.push(samples.subarray(2.15 * RATE_HZ, 2.25 * RATE_HZ))).toMatchObject([
      { event: 'speech-ended', reason: 'silence' },
    ]);
  });

  it.each([
    ['a tone', 'tone'],
    ['syllables', 'speech'],
  ] as const)('loses nothing of speech that begins with the first sample: %s', (_, kind) => {
    const [speech] = findSpeech(room([1, kind, -20], [1.5, 'noise', -60]));
    expect(speech).toMatchObject({ startSample: 0, reason: 'silence' });
    expectNear(speech?.endSample, 1.3);
  });

  it('hears a word that fills a whole recording', () => {
    const samples = room([0.4, 'tone', -20]);
    expect(findSpeech(samples)).toMatchObject([
      { reason: 'last', startSample: 0, endSample: samples.length, speechMs: 400 },
    ]);
  });

  it('hears quiet speech at -45 dB in a quiet room', () => {
    const samples = room([1, 'noise', -65], [1, 'speech', -45], [1.5, 'noise', -65]);
    expect(findSpeech(samples)).toMatchObject([{ reason: 'silence' }]);
  });

  it('hears speech above a loud fan, from the first word on', () => {
    const samples = room([0.5, 'noise', -35], [1, 'tone', -15], [2, 'noise', -35]);
    const [speech, ...more] = findSpeech(samples);
    expectNear(speech?.startSample, 0.2);
    expectNear(speech?.endSample, 1.8);
    expect(more).toEqual([]);
  });

  it.each([-50, -40, -30, -15])('does not hear a minute of steady noise at %i dB', (db) => {
    expect(hear(room([65, 'noise', db]))).toEqual([]);
  });

  it('takes back what turns out to be a fan that was switched on', () => {
    const events = hear(room([4, 'noise', -60], [20, 'noise', -30]));
    expect(events).toMatchObject([
      { event: 'speech-started' },
      { event: 'speech-ended', reason: 'noise' },
    ]);
    expect(findSpeech(room([4, 'noise', -60], [20, 'noise', -30]))).toEqual([]);
  });

  it('hears speech after the fan was switched on, and nothing when it is switched off', () => {
    const samples = room([3, 'noise', -60], [5, 'noise', -35], [1, 'tone', -15], [4, 'noise', -35]);
    expect(findSpeech(samples)).toHaveLength(1);
    expect(hear(room([5, 'noise', -30], [5, 'noise', -60]))).toEqual([]);
  });

  it('keeps fluent speech of ten seconds together', () => {
    const samples = room([1, 'noise', -60], [10, 'speech', -25], [1.5, 'noise', -60]);
    expect(findSpeech(samples)).toMatchObject([
      { reason: 'silence', speechMs: expect.closeTo(10_000, -2.4) },
    ]);
  });

  it('does not take clicks for speech', () => {
    const click: Part = [0.03, 'tone', -6];
    const quiet: Part = [0.4, 'noise', -60];
    expect(hear(room(quiet, click, quiet, click, quiet, click, quiet, click, quiet))).toEqual([]);
    expect(hear(room([3, 'noise', -60], [0.08, 'tone', -10], [2, 'noise', -60]))).toEqual([]);
  });

  it('is not kept listening by clicks behind the last word', () => {
    const click: Part = [0.01, 'tone', -10];
    const quiet: Part = [0.3, 'noise', -60];
    const samples = room(
      [2.5, 'noise', -60],
      [0.6, 'tone', -20],
      quiet,
      click,
      quiet,
      click,
      quiet,
    );
    expect(findSpeech(samples)).toMatchObject([{ reason: 'silence' }]);
  });

  it('hears a word of 200 ms', () => {
    const samples = room([3, 'noise', -60], [0.2, 'tone', -25], [2, 'noise', -60]);
    expect(findSpeech(samples)).toMatchObject([{ reason: 'silence' }]);
  });

  it('ends an utterance at 60 s, or at the limit given, and goes on with the next', () => {
    const samples = room([1, 'noise', -60], [63, 'speech', -25], [1, 'noise', -60]);
    const [long, rest] = findSpeech(samples);
    expect(long).toMatchObject({ reason: 'too-long' });
    expect((long?.endSample ?? 0) - (long?.startSample ?? 0)).toBe(60 * RATE_HZ);
    expect(rest).toMatchObject({ startSample: long?.endSample, reason: 'silence' });
    const short = findSpeech(samples, { maxUtteranceMs: 10_000 });
    expect(short.map(({ reason }) => reason)).toEqual([...Array(6).fill('too-long'), 'silence']);
  });

  it('tells two utterances apart and lets them not overlap', () => {
    const word: Part = [0.5, 'tone', -20];
    const pause: Part = [0.8, 'noise', -60];
    const spoken = findSpeech(room(pause, word, pause, word, pause, word, pause));
    expect(spoken).toHaveLength(3);
    for (const [i, { startSample }] of spoken.entries()) {
      expect(startSample).toBeGreaterThanOrEqual(spoken[i - 1]?.endSample ?? 0);
    }
  });

  it('says `last` when the sound ends in the middle of speech', () => {
    const samples = room([3, 'noise', -60], [1, 'tone', -20]);
    expect(findSpeech(samples)).toMatchObject([{ reason: 'last', endSample: samples.length }]);
  });

  it('hears nothing in nothing, silence, or a constant offset', () => {
    expect(hear(new Int16Array())).toEqual([]);
    expect(hear(new Int16Array(5 * RATE_HZ))).toEqual([]);
    expect(hear(new Int16Array(5 * RATE_HZ).fill(9_000))).toEqual([]);
  });

  it('does not take noise with dropped packets for speech', () => {
    const noise: Part = [1.5, 'noise', -30];
    const dropped: Part = [0.02, 'tone', -200];
    expect(hear(room([3, 'noise', -30], dropped, noise, dropped, noise))).toEqual([]);
  });

  const part = fc.tuple(
    fc.double({ min: 0.01, max: 1.5, noNaN: true }),
    fc.constantFrom('noise', 'tone', 'speech'),
    fc.integer({ min: -70, max: -3 }),
  );
  const sound = fc.array(part, { maxLength: 6 }).map((parts) => room(...parts));
  const anyOptions = fc.record({
    silenceMs: fc.integer({ min: 50, max: 900 }),
    paddingMs: fc.integer({ min: 0, max: 500 }),
    maxUtteranceMs: fc.integer({ min: 600, max: 3_000 }),
  });

  it('gives the same events for frames of any size', () => {
    fc.assert(
      fc.property(
        sound,
        anyOptions,
        fc.integer({ min: 50, max: 5_000 }),
        (samples, options, frame) => {
          expect(hear(samples, options, frame)).toEqual(hear(samples, options, samples.length + 1));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('starts and ends in turn, inside the sound, in order, and never before keepFromSample', () => {
    fc.assert(
      fc.property(sound, anyOptions, (samples, options) => {
        const endpointer = createEndpointer(options);
        let kept = 0;
        let free = 0;
        let open = false;
        const check = (events: EndpointEvent[]) => {
          for (const event of events) {
            expect(event.event).toBe(open ? 'speech-ended' : 'speech-started');
            expect(event.startSample).toBeGreaterThanOrEqual(Math.max(kept, free));
            open = !open;
            if (event.event === 'speech-started') continue;
            expect(event.endSample).toBeGreaterThan(event.startSample);
            expect(event.endSample).toBeLessThanOrEqual(samples.length);
            free = event.endSample;
          }
        };
        for (let at = 0; at < samples.length; at += 320) {
          kept = endpointer.keepFromSample;
          check(endpointer.push(samples.subarray(at, at + 320)));
        }
        kept = endpointer.keepFromSample;
        check(endpointer.end());
        expect(open).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});
