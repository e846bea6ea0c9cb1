/** The speech decoder in WASM, behind the few calls that are needed. The only file that imports its library. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { SPEECH_RATE_HZ } from '@hearth/contracts';

/** A stretch of the best path through the sound. */
export interface Segment {
  /** A word of the grammar; in angle or square brackets or with a plus sign for silence and noises. */
  readonly word: string;
  /** First frame, counted from the start of the utterance. */
  readonly start: number;
  /** Number of frames. */
  readonly length: number;
  /**
   * How well the sound fits, per frame: 0 is the best that any sound of the acoustic model reaches there, worse is
   * below. Comparable between decoders, as all of the model is scored in each frame (`compallsen`).
   */
  readonly score: number;
}

export interface Decoder {
  knows(word: string): boolean;
  /** @param pronunciation phones with blanks between them */
  addWords(words: readonly (readonly [word: string, pronunciation: string])[]): void;
  /** @param jsgf with exactly one public rule */
  setGrammar(jsgf: string): void;
  /** Mean of the log spectrum, one number per mel band; undefined when it is too short for one frame. */
  meanSpectrum(samples: Float32Array): Float64Array | undefined;
  /** Begins an utterance whose cepstral mean is this. What was running is dropped. */
  start(cepstralMean: readonly number[]): Promise<void>;
  feed(samples: Float32Array): void;
  stop(): void;
  /** The best path so far, or, after `stop`, through the whole. */
  segments(): Segment[];
  close(): void;
}

export interface DecoderOptions {
  /** How unlikely a path may become before it is given up, against the best one. */
  readonly beam: number;
  /** False saves 40 MB where the grammar has no words but those that are added. */
  readonly dictionary: boolean;
}

/** Milliseconds of sound per frame. */
export const FRAME_MS = 10;

/** `p` is a probability with three decimals whose logarithm has this base. */
const LOG_BASE = 1.0001;
const LEAST_P = 0.0005;

export async function loadDecoders(): Promise<(options: DecoderOptions) => Promise<Decoder>> {
  const { default: createModule } = await import('soundswallower');
  const library = createRequire(import.meta.url).resolve('soundswallower');
  // The trailing slash is needed. What the C code prints is of no use to anybody who runs this.
  const modelBase = path.join(path.dirname(library), 'model/');
  const settings = { modelBase, print() {}, printErr() {} };
  const module = await createModule(settings);
  type Native = InstanceType<typeof module.Decoder>;

  return async ({ beam, dictionary }) => {
    const native = new module.Decoder({
      samprate: SPEECH_RATE_HZ,
      loglevel: 'FATAL',
      compallsen: true,
      beam,
      pbeam: beam,
      wbeam: beam ** 0.75,
      ...(!dictionary && { dict: path.join(modelBase, 'none') }),
    });
    await native.initialize();
    return wrap(native);
  };

  function wrap(native: Native): Decoder {
    let running = false;
    return {
      knows: (word) => native.lookup_word(word) !== null,
      addWords: (words) =>
        native.add_words(...words.map(([word, said]): [string, string] => [word, said])),
      setGrammar: (jsgf) => native.set_grammar(jsgf),
      meanSpectrum(samples) {
        const { data, nfr, nfeat } = native.spectrogram(samples);
        return nfr === 0 ? undefined : meanOfRows(data, nfeat);
      },
      async start(cepstralMean) {
        if (running) native.stop();
        running = false;
        native.set_config('cmninit', cepstralMean.map((value) => value.toFixed(2)).join(','));
        await native.reinitialize_audio();
        native.start();
        running = true;
      },
      feed(samples) {
        native.process_audio(samples, false, false);
      },
      stop() {
        if (running) native.stop();
        running = false;
      },
      segments: () => native.get_alignment().w?.flatMap(readSegment) ?? [],
      close: () => native.delete(),
    };
  }
}

/** Times are in seconds. Grammar states without sound are one frame long and have no word. */
function readSegment({ t, b, d, p }: { t: string; b: number; d: number; p: number }): Segment[] {
  if (t === '(NULL)') return [];
  const length = Math.round((d * 1000) / FRAME_MS);
  const score = Math.log(Math.max(p, LEAST_P)) / Math.log(LOG_BASE) / Math.max(1, length);
  // A second pronunciation of a word is called `word(2)`.
  const word = t.replace(/\(\d+\)$/, '');
  return [{ word, start: Math.round((b * 1000) / FRAME_MS), length, score }];
}

function meanOfRows(data: Float32Array, width: number): Float64Array {
  const mean = new Float64Array(width);
  const rows = data.length / width;
  for (const [i, value] of data.entries()) mean[i % width] = (mean[i % width] ?? 0) + value / rows;
  return mean;
}
