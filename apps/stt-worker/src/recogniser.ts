/** The engine, taught: it learns its sentences again whenever it has forgotten them. */
import type { Intents, Transcript } from '@hearth/contracts';
import { compileGrammar, toJsgf } from '@hearth/core';
import { RuntimeError, type RunningEngine } from '@hearth/runtime';
import type { Piece, Recording, Sentences, Transcriber } from './engines/transcriber.ts';

export interface Recogniser {
  readonly engine: string;
  /**
   * An engine that takes dictation needs no sentences: for it this does nothing.
   * @throws CoreError BAD_PATTERN, RuntimeError ENGINE_FAILED; what was learnt before stays in use. ENGINE_UNAVAILABLE: it
   *   is taught when it is there
   */
  teach(intents: Intents): Promise<void>;
  /** @throws RuntimeError */
  transcribe(recording: Speech, signal: AbortSignal): Promise<Transcript>;
  /** The transcript of a sound without speech. */
  silence(): Transcript;
  /** What has been heard so far; empty where the engine cannot tell. Never throws. */
  listen(piece: Piece): Promise<string>;
}

export interface Speech extends Recording {
  /** From the first to the last sound. */
  readonly speechMs: number;
}

const NOT_UNDERSTOOD = {
  code: 'NOT_UNDERSTOOD',
  message: 'There was a sound, but nothing in it was understood.',
};
const NO_SPEECH = { code: 'NO_SPEECH', message: 'Nothing was said.' };
/** The contract's limit; a minute of speech is far shorter. What is beyond it cannot have been said. */
const MAX_TEXT = 4_000;
const UNTAUGHT = 'no sentences to listen for yet: nothing has published intents/registry';

export function createRecogniser(engine: RunningEngine<Transcriber>): Recogniser {
  let sentences: Sentences | undefined;

  /** A thread that was replaced knows nothing: teach it and try once more. */
  async function taught<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isUntaught(error)) throw error;
      if (!sentences) throw new RuntimeError('ENGINE_UNAVAILABLE', UNTAUGHT, { cause: error });
      await engine.call('learn', sentences);
      return await work();
    }
  }

  /** Known once it is loaded. */
  function takesDictation(): boolean {
    return engine.has('transcribe') && !engine.has('learn');
  }

  return {
    engine: engine.name,
    async teach(intents) {
      const { rules, words } = toJsgf(compileGrammar(intents));
      try {
        await engine.call('learn', { rules, words });
      } catch (error) {
        if (takesDictation()) return;
        if (!isUnavailable(error)) throw error;
        sentences = { rules, words };
        throw error;
      }
      sentences = { rules, words };
    },
    async transcribe({ samples, utterance, speechMs }, signal) {
      const recording = { samples, utterance };
      const hearing = await taught(() => engine.call('transcribe', recording, { signal }));
      const text = hearing.text.slice(0, MAX_TEXT);
      const { confidence, heardBy = engine.name } = hearing;
      const heard = { text, confidence, speechMs, engine: heardBy };
      return text === '' ? { ...heard, error: NOT_UNDERSTOOD } : heard;
    },
    silence: () => ({
      text: '',
      confidence: 0,
      speechMs: 0,
      engine: engine.name,
      error: NO_SPEECH,
    }),
    async listen(piece) {
      if (!engine.has('listen')) return '';
      try {
        const { text } = await engine.call('listen', piece);
        return text;
      } catch {
        // The whole utterance is transcribed in the end, and that says what is wrong.
        return '';
      }
    },
  };
}

function isUnavailable(error: unknown): boolean {
  return error instanceof RuntimeError && error.code === 'ENGINE_UNAVAILABLE';
}

function isUntaught(error: unknown): boolean {
  if (!(error instanceof RuntimeError) || !(error.cause instanceof Error)) return false;
  return 'code' in error.cause && error.cause.code === 'UNTAUGHT';
}
