/** A clock and an outside world for tests of speaking: what is sent is written down, the engine answers when told to. */
import type { FrameHeader } from '@hearth/contracts';
import type { Speech, SynthesisRequest } from '../engines/synthesizer.ts';
import type { Clock, Ports, Status, TurnContext } from './ports.ts';

interface ManualClock extends Clock {
  advance(ms: number): Promise<void>;
}

/** Time passes only by `advance`. */
function createManualClock(): ManualClock {
  let nowMs = 0;
  const sleepers = new Set<{ atMs: number; wake: () => void }>();
  return {
    nowMs: () => nowMs,
    sleep(ms, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const sleeper = { atMs: nowMs + ms, wake: resolve };
      sleepers.add(sleeper);
      signal.addEventListener('abort', () => {
        sleepers.delete(sleeper);
        reject(new Error('aborted'));
      });
      return promise;
    },
    async advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        await settle();
        const [next] = [...sleepers].sort((a, b) => a.atMs - b.atMs);
        if (!next || next.atMs > endMs) break;
        sleepers.delete(next);
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
      }
      nowMs = endMs;
      await settle();
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

type Sent =
  | { readonly turnId: string; readonly siteId: string; readonly status: Status }
  | {
      readonly turnId: string;
      readonly siteId: string;
      readonly frame: FrameHeader;
      readonly ms: number;
    };

export interface Stage {
  readonly ports: Ports;
  readonly clock: ManualClock;
  /** Everything that was sent, in order. */
  readonly sent: Sent[];
  /** Texts that the engine was given, in order. */
  readonly asked: string[];
  /** Each call waits in line, as with a real engine, until one more is let through. */
  readonly letThrough: (calls: number) => Promise<void>;
  /** The events of a turn: names of statuses, `#` for a frame, `#!` for the last. */
  readonly story: (turnId: string) => string;
}

/** Every character of text is spoken in 10 ms, at 8,000 Hz. */
const MS_PER_CHAR = 10;

/** @param free calls that are answered at once; all of them by default */
export function createStage(free = Number.POSITIVE_INFINITY): Stage {
  const clock = createManualClock();
  const sent: Sent[] = [];
  const asked: string[] = [];
  const line: (() => void)[] = [];
  let open = free;

  function passOn(): void {
    while (open > 0) {
      const next = line.shift();
      if (!next) return;
      open -= 1;
      next();
    }
  }

  const ports: Ports = {
    async *synthesize({ text, voice }: SynthesisRequest, _context: TurnContext, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      line.push(resolve);
      signal.addEventListener('abort', () => reject(new Error('cancelled')));
      asked.push(text);
      passOn();
      await promise;
      if (voice === 'nobody') throw new Error('no such voice');
      const speech: Speech = {
        rateHz: 8_000,
        samples: new Int16Array(text.length * MS_PER_CHAR * 8),
      };
      yield speech;
    },
    async sendFrame(frame, samples, { context: { siteId, turnId } }) {
      sent.push({ siteId, turnId, frame, ms: samples.length / 8 });
    },
    sendStatus: (status, { siteId, turnId }) => void sent.push({ siteId, turnId, status }),
    describe: (error) => ({ code: 'FAILED', message: error instanceof Error ? error.message : '' }),
    clock,
  };

  return {
    ports,
    clock,
    sent,
    asked,
    async letThrough(calls) {
      open += calls;
      passOn();
      await settle();
    },
    story: (turnId) =>
      sent
        .filter((one) => one.turnId === turnId)
        .map((one) => ('status' in one ? one.status.event : one.frame.last ? '#!' : '#'))
        .join(' '),
  };
}
