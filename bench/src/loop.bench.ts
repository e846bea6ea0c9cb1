/** How late timers fire in the workers that run engines: while the engine works without a pause, beside idle. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Health, SPEECH_RATE_HZ, synthesize, transcribe } from '@hearth/contracts';
import { bytesOf } from '@hearth/core';
import type { Bench } from './bench.ts';
import type { Figure, Share, Target } from './figure.ts';
import { type House, startHouse } from './house.ts';
import { speak } from './spoken.ts';
import { summarize } from './stats.ts';

/** Of 10 s each. */
const WINDOWS = 3;
/** One call runs, the next waits: the engine never pauses. */
const CALLS_AT_ONCE = 2;
/** llm-worker only for the sentences that stt-worker listens for. */
const SERVICES = ['llm-worker', 'tts-worker', 'stt-worker'];
/** As the workers measure themselves. */
const RESOLUTION_MS = 10;
const QUESTION = 'what time is it';
const ANSWER =
  'It is twenty past four in the afternoon, the kettle is on, and there is still some cake left in the kitchen.';

type Delay = NonNullable<Health['eventLoopDelay']>;

const TARGETS: Readonly<Record<'p99' | 'max', Target>> = {
  p99: { of: 'excess', atMost: 25 },
  max: { of: 'excess', atMost: 50 },
};

export const loopBench: Bench = {
  name: 'loop',
  about: 'event-loop delay of stt-worker and tts-worker under continuous inference, beside idle',
  async run({ broker: { url }, folder, tell }) {
    const house = await startHouse({ url, services: SERVICES, folder: await folder() });
    const { bus } = house;
    try {
      const question = await speak(bus, QUESTION);
      const body = bytesOf(question);
      tell('idle');
      const [sttIdle, ttsIdle] = await Promise.all([
        windows(house, 'stt-worker'),
        windows(house, 'tts-worker'),
      ]);
      tell('transcribing');
      const format = { rate: SPEECH_RATE_HZ, channels: 1 } as const;
      const stt = await underLoad(house, 'stt-worker', async () => {
        const { data } = await bus.call(transcribe, format, { body });
        if (data.text === '') throw new Error('nothing was understood: that is no real load');
      });
      tell('synthesising');
      const tts = await underLoad(house, 'tts-worker', () =>
        bus.call(synthesize, { text: ANSWER }),
      );
      return [...figures('stt-worker', stt, sttIdle), ...figures('tts-worker', tts, ttsIdle)];
    } finally {
      await house.stop();
    }
  },
};

interface Busy {
  readonly delays: readonly Delay[];
  readonly calls: number;
  /** The latest timer of this process meanwhile, which has little to do: what the machine itself does to timers. */
  readonly bystanderMs: number;
}

async function underLoad(
  house: House,
  service: string,
  call: () => Promise<unknown>,
): Promise<Busy> {
  const measured = new AbortController();
  let calls = 0;
  const bystander = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  bystander.enable();
  const loops = Array.from({ length: CALLS_AT_ONCE }, async () => {
    while (!measured.signal.aborted) {
      await call();
      calls += 1;
    }
  });
  const working = Promise.all(loops);
  try {
    // A call that fails ends the bench at once, not after the last window.
    const failing = working.then(() => new Promise<never>(() => {}));
    const delays = await Promise.race([windows(house, service), failing]);
    return { delays, calls, bystanderMs: bystander.max / 1e6 - RESOLUTION_MS };
  } finally {
    measured.abort();
    bystander.disable();
    await Promise.allSettled([working]);
  }
}

/** The first report covers time before the call, so it is left out. */
async function windows(house: House, service: string): Promise<Delay[]> {
  const reports = await house.reports(service, WINDOWS + 1);
  return reports.slice(1).flatMap(({ eventLoopDelay }) => (eventLoopDelay ? [eventLoopDelay] : []));
}

function figures(service: string, busy: Busy, idle: readonly Delay[]): Figure[] {
  return (['p99', 'max'] as const).map((share) => ({
    name: `${service}, event-loop delay, ${share}`,
    unit: 'ms',
    ...worst(busy.delays, share),
    baseline: { name: 'idle', ...worst(idle, share) },
    target: TARGETS[share],
    note: `worst of ${busy.delays.length} windows of 10 s; ${busy.calls} calls; max of the bench's own process meanwhile: ${busy.bystanderMs.toFixed(1)} ms`,
  }));
}

function worst(delays: readonly Delay[], share: Exclude<Share, 'p50'>) {
  const samples = delays.map(({ p99Ms, maxMs }) => (share === 'p99' ? p99Ms : maxMs));
  return { value: Math.max(...samples), samples: summarize(samples) };
}
