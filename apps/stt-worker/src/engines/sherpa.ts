/**
 * Takes dictation while it is spoken: streaming models of sherpa-onnx.
 *
 * A model file that is broken aborts the process that opens it, so this runs in one of its own (`isolation: 'process'`),
 * and each file is looked at before the library gets to see it.
 */
import { SPEECH_RATE_HZ } from '@hearth/contracts';
import { importOptional } from '@hearth/runtime';
import { findSherpaModel, type SherpaModel } from '../sherpa/model.ts';
import { listenTo } from '../whisper/sound.ts';
import type { Hearing, Partial, Piece, Recording, Transcriber } from './transcriber.ts';

export interface Options {
  readonly enginesDir: string;
  /** Holds the model's files. */
  readonly folder: string;
  readonly threads: number;
}

/** What is used of the package. */
interface Library {
  readonly OnlineRecognizer: new (config: object) => Recognizer;
}

interface Recognizer {
  createStream(): Stream;
  isReady(stream: Stream): boolean;
  decode(stream: Stream): void;
  getResult(stream: Stream): { readonly text: string; readonly ys_probs?: readonly number[] };
}

interface Stream {
  acceptWaveform(sound: { readonly samples: Float32Array; readonly sampleRate: number }): void;
  inputFinished(): void;
}

interface Current {
  readonly utterance: string | undefined;
  readonly stream: Stream;
  taken: number;
}

/** Silence behind the last word, so that the model gives it away. 500 ms. */
const TAIL = new Int16Array(SPEECH_RATE_HZ / 2);
const FULL_SCALE = 2 ** 15;

export class Engine implements Transcriber {
  readonly #options: Options;
  #recognizer: Recognizer | undefined;
  /** The utterance that is listened to: one at a time, others are decoded when they have ended. */
  #current: Current | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  async load(): Promise<void> {
    const { enginesDir, folder, threads } = this.#options;
    const model = await findSherpaModel(folder);
    const { OnlineRecognizer } = await importOptional<Library>('sherpa-onnx-node', {
      enginesDir,
      addName: 'sherpa',
    });
    this.#recognizer = new OnlineRecognizer(configOf(model, threads));
  }

  listen({ utterance, from, samples }: Piece): Partial {
    if (from === 0) this.#current = this.#begin(utterance);
    const current = this.#current;
    // Half an utterance is no use: it is decoded as a whole when it has ended.
    if (current?.utterance !== utterance || current.taken !== from) return { text: '' };
    this.#accept(current, samples);
    return { text: wordsOf(this.#loaded().getResult(current.stream).text) };
  }

  transcribe({ utterance, samples }: Recording): Hearing {
    const known = utterance !== undefined && this.#current?.utterance === utterance;
    const current = known && this.#current ? this.#current : this.#begin(utterance);
    if (known) this.#current = undefined;
    if (!listenTo(samples).audible) return { text: '', confidence: 0 };
    this.#accept(current, samples.subarray(current.taken));
    this.#accept(current, TAIL);
    current.stream.inputFinished();
    this.#decode(current.stream);
    const { text, ys_probs: logs = [] } = this.#loaded().getResult(current.stream);
    const words = wordsOf(text);
    return { text: words, confidence: words === '' ? 0 : confidenceOf(logs) };
  }

  #begin(utterance: string | undefined): Current {
    return { utterance, stream: this.#loaded().createStream(), taken: 0 };
  }

  #accept(current: Current, samples: Int16Array): void {
    const sound = Float32Array.from(samples, (sample) => sample / FULL_SCALE);
    current.stream.acceptWaveform({ samples: sound, sampleRate: SPEECH_RATE_HZ });
    current.taken += samples.length;
    this.#decode(current.stream);
  }

  #decode(stream: Stream): void {
    const recognizer = this.#loaded();
    while (recognizer.isReady(stream)) recognizer.decode(stream);
  }

  #loaded(): Recognizer {
    if (!this.#recognizer) throw new Error('load() was not called');
    return this.#recognizer;
  }
}

function configOf({ tokens, ...files }: SherpaModel, numThreads: number): object {
  const { encoder, decoder, joiner, ctc } = files;
  return {
    featConfig: { sampleRate: SPEECH_RATE_HZ, featureDim: 80 },
    modelConfig: {
      ...(ctc ? { zipformer2Ctc: { model: ctc } } : { transducer: { encoder, decoder, joiner } }),
      tokens,
      numThreads,
      provider: 'cpu',
    },
    decodingMethod: 'greedy_search',
    enableEndpoint: false,
  };
}

/** Most models know capitals only. */
function wordsOf(text: string): string {
  const trimmed = text.trim();
  return trimmed === trimmed.toUpperCase() ? trimmed.toLowerCase() : trimmed;
}

function confidenceOf(logs: readonly number[]): number {
  if (logs.length === 0) return 1;
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  return Math.min(1, Math.exp(mean));
}
