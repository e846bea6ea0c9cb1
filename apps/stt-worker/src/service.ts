/** The speech-to-text worker on the bus: microphone frames and recordings in, words out. */
import { audioIn, intentsRegistry, transcribe } from '@hearth/contracts';
import { keepEngine, type ServiceSpec } from '@hearth/runtime';
import { engineSpec, settings } from './config.ts';
import type { Transcriber } from './engines/transcriber.ts';
import { explain } from './errors.ts';
import { createRecogniser } from './recogniser.ts';
import { recordingOf } from './recording.ts';
import { createTurns } from './turns.ts';

/** Live speech of many rooms at once: 40 s of frames of 20 ms. */
const AUDIO_INBOX = { limit: 2_000 };
/** Recordings are large and take seconds: few may wait. */
const RECORDINGS_INBOX = { concurrency: 4, limit: 16, overflow: 'reject' } as const;

export const sttService: ServiceSpec<typeof settings.shape> = {
  name: 'stt-worker',
  settings,

  async start({ bus, settings, log, health, trace, signal }) {
    const engine = keepEngine<Transcriber>(engineSpec(settings), { health, log, signal });
    const recogniser = createRecogniser(engine);
    const turns = createTurns({
      bus,
      log,
      trace,
      recogniser,
      silenceMs: settings.STT_SILENCE_MS,
      limit: settings.STT_MAX_TURNS,
    });
    health.degraded('sentences', 'waiting for the sentences to listen for (intents/registry)');

    await bus.subscribe(intentsRegistry, async ({ data }) => {
      try {
        await recogniser.teach(data);
        health.detail('intents', data.intents.length);
        health.ok('sentences');
      } catch (error) {
        // What was learnt before stays in use.
        health.degraded('sentences', `the new sentences cannot be used: ${explain(error).message}`);
      }
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

    return {
      async drain() {
        await Promise.all([sound.close(), turns.end()]);
      },
      async close() {
        await recordings.close();
        await engine.close();
      },
    };
  },
};
