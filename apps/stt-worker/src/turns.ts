/** The turns that are being listened to. Each ends with exactly one `stt/final`. */
import {
  audioIn,
  type FrameHeader,
  sttFinal,
  sttPartial,
  type Topic,
  type Transcript,
} from '@hearth/contracts';
import {
  type Bus,
  type Context,
  type Log,
  type Message,
  preciseNow,
  RuntimeError,
  type Trace,
} from '@hearth/runtime';
import { explain } from './errors.ts';
import type { Recogniser, Speech } from './recogniser.ts';
import { createTurn, type Turn } from './turn.ts';

export interface TurnsOptions {
  readonly bus: Bus;
  readonly log: Log;
  readonly trace: Trace;
  readonly recogniser: Recogniser;
  readonly silenceMs: number;
  /** Turns that may be open at once. */
  readonly limit: number;
  /** For tests. */
  readonly idleMs?: number;
}

export interface Turns {
  take(frame: Message<FrameHeader>): void;
  /** Ends all of them as if their last frame had come, and waits for what was heard. */
  end(): Promise<void>;
}

/** A satellite that sends nothing for so long is gone. */
const IDLE_MS = 10_000;
/** That of the call `transcribe`: whoever waits for the final is as patient. */
const TRANSCRIBE_LIMIT_MS = 20_000;
/** Late frames of turns that are over begin no new ones. */
const REMEMBERED = 256;

interface Open {
  readonly turn: Turn;
  readonly idle: NodeJS.Timeout;
}

export function createTurns(options: TurnsOptions): Turns {
  const { bus, log, trace, recogniser, silenceMs, limit, idleMs = IDLE_MS } = options;
  const open = new Map<string, Open>();
  const over = new Set<string>();

  function begin(key: string, header: FrameHeader, context: Context): Open {
    const startMs = preciseNow();
    const turn = createTurn({
      recogniser,
      format: header,
      silenceMs,
      async transcribe(speech) {
        const durationMs = preciseNow() - startMs;
        trace.record({ name: 'stt.listen', context, startMs, durationMs });
        return await attempt(speech, context);
      },
      onPartial: (text) => publish(sttPartial, { text }, context),
      onFinal(transcript) {
        close(key);
        publish(sttFinal, transcript, context);
      },
    });
    const idle = setTimeout(() => {
      log.warn({ turnId: context.turnId }, 'the microphone has stopped in the middle of a turn');
      turn.end();
    }, idleMs);
    const opened = { turn, idle };
    open.set(key, opened);
    return opened;
  }

  function close(key: string): void {
    clearTimeout(open.get(key)?.idle);
    open.delete(key);
    over.add(key);
    const [oldest] = over;
    if (over.size > REMEMBERED && oldest !== undefined) over.delete(oldest);
  }

  async function attempt(speech: Speech, context: Context): Promise<Transcript> {
    const signal = AbortSignal.timeout(TRANSCRIBE_LIMIT_MS);
    try {
      return await trace.span('stt.decode', { context, engine: true }, () =>
        recogniser.transcribe(speech, signal),
      );
    } catch (error) {
      log.warn({ error, turnId: context.turnId }, 'not transcribed');
      return failure(recogniser, error, speech.speechMs);
    }
  }

  function publish<Data>(topic: Topic<Data>, data: Data, context: Context): void {
    bus.publish(topic, data, context).catch((error: unknown) => {
      log.warn({ error, turnId: context.turnId }, `${topic.name} not published`);
    });
  }

  return {
    take({ data: header, body, context }) {
      const { siteId, turnId } = context;
      if (siteId === undefined || turnId === undefined) return;
      const key = `${siteId}/${turnId}`;
      if (over.has(key)) return;
      if (!open.has(key) && open.size >= limit) {
        close(key);
        const error = new RuntimeError('QUEUE_FULL', `${limit} people are speaking already`);
        return publish(sttFinal, failure(recogniser, error, 0), context);
      }
      const { turn, idle } = open.get(key) ?? begin(key, header, context);
      // After the last frame nothing more is expected of the microphone.
      if (header.last) clearTimeout(idle);
      else idle.refresh();
      try {
        turn.push(header, body);
      } catch (error) {
        log.warn({ turnId, topic: audioIn.name, ...explain(error) }, 'a frame was left out');
      }
    },
    async end() {
      const turns = [...open.values()].map(({ turn }) => turn);
      for (const turn of turns) turn.end();
      await Promise.all(turns.map(({ done }) => done));
    },
  };
}

function failure({ engine }: Recogniser, error: unknown, speechMs: number): Transcript {
  return { text: '', confidence: 0, speechMs, engine, error: explain(error) };
}
