/** The speech-to-text worker on the bus: microphone frames and recordings in, words out. */
import { audioIn, type Intents, intentsRegistry, transcribe } from '@hearth/contracts';
import type { ServiceSpec } from '@hearth/runtime';
import { keepTranscriber } from './choose.ts';
import { settings } from './config.ts';
import { explain } from './errors.ts';
import { everydayIntents } from './everyday-intents.ts';
import { createRecogniser } from './recogniser.ts';
import { recordingOf } from './recording.ts';
import { createTurns } from './turns.ts';

/** A retained message comes at once; a language model that starts at the same time needs a moment. */
const REGISTRY_LIMIT_MS = 3_000;
/** Live speech of many rooms at once: 40 s of frames of 20 ms. */
const AUDIO_INBOX = { limit: 2_000 };
/** Recordings are large and take seconds: few may wait. */
const RECORDINGS_INBOX = { concurrency: 4, limit: 16, overflow: 'reject' } as const;

export const sttService: ServiceSpec<typeof settings.shape> = {
  name: 'stt-worker',
  settings,

  async start({ bus, settings, log, health, trace, signal }) {
    const engine = await keepTranscriber(settings, { health, log, signal });
    const recogniser = createRecogniser(engine);
    const turns = createTurns({
      bus,
      log,
      trace,
      recogniser,
      silenceMs: settings.STT_SILENCE_MS,
      limit: settings.STT_MAX_TURNS,
    });

    const taught = Promise.withResolvers<void>();
    async function teach(intents: Intents): Promise<void> {
      try {
        await recogniser.teach(intents);
        health.detail('intents', intents.intents.length);
        health.ok('sentences');
      } catch (error) {
        // An engine that is not there says so itself, and is taught when it is.
        if (explain(error).code === 'ENGINE_UNAVAILABLE') return;
        // What was learnt before stays in use.
        health.degraded('sentences', `the new sentences cannot be used: ${explain(error).message}`);
      } finally {
        taught.resolve();
      }
    }

    const unpublished = setTimeout(() => {
      log.info('nothing is published on intents/registry: listening for everyday sentences');
      void teach(everydayIntents);
    }, REGISTRY_LIMIT_MS);
    await bus.subscribe(intentsRegistry, ({ data }) => {
      clearTimeout(unpublished);
      return teach(data);
    });
    const sound = await bus.subscribe(audioIn, (frame) => turns.take(frame), AUDIO_INBOX);
    const recordings = await bus.serve(
      transcribe,
      async ({ data, body, context }, signal) => {
        const speech = recordingOf(data, body);
        if (!speech) return { data: recogniser.silence() };
        const work = () => recogniser.transcribe(speech, signal);
        return { data: await trace.span('stt.decode', { context, engine: true }, work) };
      },
      RECORDINGS_INBOX,
    );

    signal.addEventListener('abort', () => taught.resolve(), { once: true });
    await taught.promise;
    return {
      async drain() {
        await Promise.all([sound.close(), turns.end()]);
      },
      async close() {
        clearTimeout(unpublished);
        await recordings.close();
        await engine.close();
      },
    };
  },
};
