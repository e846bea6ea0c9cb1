/** The TTS worker on the bus: pieces of answers in, audio and its progress out. */
import { setTimeout as sleep } from 'node:timers/promises';
import { audioOut, synthesize, ttsControl, ttsSay, ttsStatus } from '@hearth/contracts';
import { bytesOf } from '@hearth/core';
import type { RunningService, ServiceContext, ServiceSpec } from '@hearth/runtime';
import { settings } from './config.ts';
import { keepTtsEngine, type TtsEngine } from './engine.ts';
import type { EngineSettings } from './engine-kinds.ts';
import { LIMITS, type Ports } from './speaking/ports.ts';
import { speak } from './speak.ts';
import { createSpeaker } from './speaking/speaker.ts';
import { synthesizeWhole } from './whole.ts';
import { asTtsError, toWireError } from './wire-errors.ts';

type Context = ServiceContext<EngineSettings>;

/** Texts that are synthesised at once, and that wait; the engine takes them unit by unit, in turn with the sites. */
const CALLS = { concurrency: 2, limit: 16 };
/** As many as all sites hold together: pieces are only put into queues, but some may come while that is done. */
const SAY_INBOX = { limit: 1_000 };

export const ttsWorker: ServiceSpec<typeof settings.shape> = {
  name: 'tts-worker',
  settings,

  async start(context: Context): Promise<RunningService> {
    const { bus, settings, log, health, signal } = context;
    // Lives until `close`, so that what has begun can be finished.
    const closing = new AbortController();
    const engine = await keepTtsEngine(settings, { health, log, signal: closing.signal });
    const limits = { ...LIMITS, aheadMs: settings.TTS_AHEAD_MS };
    const speaker = createSpeaker(createPorts(context, engine), limits);

    // `control` first: a stop that waited at the broker must not come after what it stops.
    await bus.subscribe(ttsControl, ({ data, context }) => {
      if (context.siteId) speaker.control({ ...context, siteId: context.siteId }, data.action);
    });
    const saying = await bus.subscribe(
      ttsSay,
      ({ data, context }) => {
        if (context.siteId) speaker.say({ ...context, siteId: context.siteId }, data);
      },
      SAY_INBOX,
    );
    await bus.serve(
      synthesize,
      async ({ data, context: { siteId, turnId } }, deadline) => {
        const { text, voice, speed = settings.TTS_SPEED } = data;
        const span = { context: { siteId, turnId }, engine: true };
        const work = () => synthesizeWhole(engine, { text, voice, speed }, deadline);
        const speech = await context.trace.span('tts.synthesize', span, work).catch(throwTtsError);
        const { rateHz: rate, samples } = speech;
        const durationMs = (samples.length / rate) * 1000;
        return { data: { rate, channels: 1, durationMs }, body: bytesOf(samples) };
      },
      CALLS,
    );
    signal.addEventListener('abort', () => void saying.close(), { once: true });

    return {
      drain: () => speaker.quiet(),
      async close() {
        speaker.close();
        closing.abort();
        await engine.close();
      },
    };
  },
};

function createPorts({ bus, settings, log, trace }: Context, engine: TtsEngine): Ports {
  return {
    async *synthesize(request, context, signal) {
      const { text, voice, speed = settings.TTS_SPEED } = request;
      const audio = speak(engine, { text, voice, speed }, signal);
      try {
        // All of it, or the first of it where it streams: what the listener waits for.
        const work = () => audio.next();
        const first = await trace.span('tts.synthesize', { context, engine: true }, work);
        if (!first.done) yield first.value;
        yield* audio;
      } finally {
        await audio.return(undefined);
      }
    },
    sendFrame: (header, samples, { context, signal }) =>
      bus.publish(audioOut, header, { ...context, signal, body: bytesOf(samples) }),
    sendStatus(status, context) {
      const { turnId } = context;
      log.debug({ turnId, event: status.event }, 'status');
      bus.publish(ttsStatus, status, context).catch((error) => {
        log.warn({ error, turnId, event: status.event }, 'status not sent');
      });
    },
    describe: toWireError,
    clock: {
      nowMs: () => performance.now(),
      sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    },
  };
}

function throwTtsError(error: unknown): never {
  throw asTtsError(error);
}
