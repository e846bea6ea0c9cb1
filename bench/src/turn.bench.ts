/** Spoken turns through the whole assistant: time to the first audio, and what of it is not an engine's. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Bus } from '@hearth/runtime';
import type { Bench } from './bench.ts';
import { type Figure, reading } from './figure.ts';
import { startHouse } from './house.ts';
import { speak } from './spoken.ts';
import { coveredMs } from './stats.ts';
import { type Course, type Pace, takeTurn } from './turn.ts';

const TURNS = 20;
/** They take as long as a person speaks. */
const LIVE_TURNS = 8;
/** Not measured: compiled code, warm caches, opened files. */
const WARM_UP = 3;
const SERVICES = ['memory-worker', 'llm-worker', 'tts-worker', 'stt-worker', 'router'];
const QUESTION = 'what time is it';
/** Between turns, so that nothing of one falls into the next. */
const BREAK_MS = 100;

export const turnBench: Bench = {
  name: 'turn',
  about: 'spoken turns through all processes: time to first audio, and the overhead in it',
  async run({ broker: { url }, folder, tell }) {
    const house = await startHouse({ url, services: SERVICES, folder: await folder() });
    try {
      const speech = await speak(house.bus, QUESTION);
      await takeTurns(house.bus, speech, 'fast', WARM_UP);
      tell(`${TURNS} turns of "${QUESTION}"`);
      const fast = await takeTurns(house.bus, speech, 'fast', TURNS);
      tell(`${LIVE_TURNS} at the pace of a microphone`);
      const live = await takeTurns(house.bus, speech, 'live', LIVE_TURNS);
      return [...figures(fast, 'sent at once'), ...figures(live, 'live')];
    } finally {
      await house.stop();
    }
  },
};

async function takeTurns(
  bus: Bus,
  speech: Int16Array,
  pace: Pace,
  count: number,
): Promise<Course[]> {
  const courses: Course[] = [];
  for (let turn = 0; turn < count; turn++) {
    courses.push(await takeTurn(bus, speech, pace));
    await pause(BREAK_MS);
  }
  return courses;
}

function figures(courses: readonly Course[], how: string): Figure[] {
  const total = courses.map(({ askedMs, audioMs }) => audioMs - askedMs);
  const engines = courses.map((course) => inEngines(course));
  const left = total.map((ms, turn) => ms - (engines[turn] ?? 0));
  const strict = courses.map(
    (course, turn) => (total[turn] ?? 0) - inEngines(course, ['llm.answer']),
  );
  const baseline = { name: 'the engines alone', ...reading(engines, 'p50') };
  return [
    {
      name: `time to first audio, ${how}, p50`,
      unit: 'ms',
      ...reading(total, 'p50'),
      baseline,
      note: 'from the last frame sent to the first frame of the answer',
    },
    {
      name: `overhead, ${how}, p50`,
      unit: 'ms',
      ...reading(left, 'p50'),
      baseline,
      target: { of: 'value', atMost: 30 },
    },
    {
      name: `overhead and answering, ${how}, p50`,
      unit: 'ms',
      ...reading(strict, 'p50'),
      baseline,
      note: 'as if the time of the language model, which sends its pieces meanwhile, were no engine time',
    },
  ];
}

/** What engines did at the same time counts once. */
function inEngines({ askedMs, audioMs, spans }: Course, except: readonly string[] = []): number {
  const intervals = spans
    .filter(({ engine, name }) => engine && !except.includes(name))
    .map(({ startMs, durationMs }) => ({ startMs, endMs: startMs + durationMs }));
  return coveredMs(intervals, { startMs: askedMs, endMs: audioMs });
}
