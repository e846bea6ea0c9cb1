/** Takes dictation with a speech model of transformers.js, from local files only. */
import path from 'node:path';
import { importOptional, RuntimeError, requireModel } from '@hearth/runtime';
import { dictate } from '../whisper/dictate.ts';
import type { Hearing, Recording, Transcriber } from './transcriber.ts';

export interface Options {
  readonly enginesDir: string;
  /** Holds a folder per model. */
  readonly folder: string;
  /** `whisper-base.en`: with config.json, tokenizer.json, preprocessor_config.json and onnx/. */
  readonly model: string;
  /** `en`, or `auto`. */
  readonly language: string;
  /** Into English. */
  readonly translate: boolean;
  readonly threads: number;
}

/** What is used of the package. */
interface Library {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  pipeline(task: 'automatic-speech-recognition', model: string, options: object): Promise<Pipeline>;
}

type Pipeline = ((samples: Float32Array, options: object) => Promise<{ readonly text: string }>) & {
  dispose?(): Promise<unknown>;
};

const FILES = ['config.json', 'tokenizer.json', 'preprocessor_config.json'];
const FULL_SCALE = 2 ** 15;

/** Its promises are promises in name only: the thread that calls is blocked, so all of it lives in one of its own. */
export class Engine implements Transcriber {
  readonly #options: Options;
  #pipeline: Pipeline | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  async load(): Promise<void> {
    const { enginesDir, folder, model, threads } = this.#options;
    for (const file of FILES) await requireModel(path.join(folder, model, file));
    const library = await importOptional<Library>('@huggingface/transformers', {
      enginesDir,
      addName: 'transformers',
    });
    library.env.allowRemoteModels = false;
    library.env.localModelPath = folder;
    try {
      this.#pipeline = await library.pipeline('automatic-speech-recognition', model, {
        dtype: 'q8',
        device: 'cpu',
        session_options: { intraOpNumThreads: threads },
      });
    } catch (cause) {
      const at = path.join(folder, model);
      const message = `The model in ${at} is broken or incomplete: transformers cannot open it.`;
      throw new RuntimeError('MODEL_BROKEN', message, { cause });
    }
  }

  transcribe({ samples }: Recording): Promise<Hearing> {
    const pipeline = this.#pipeline;
    if (!pipeline) throw new Error('load() was not called');
    return dictate(samples, (sound) =>
      pipeline(
        Float32Array.from(sound, (sample) => sample / FULL_SCALE),
        this.#question(),
      ),
    );
  }

  async close(): Promise<void> {
    await this.#pipeline?.dispose?.();
    this.#pipeline = undefined;
  }

  /** English models refuse to be told a language. */
  #question(): object {
    const { model, language, translate } = this.#options;
    const long = { chunk_length_s: 30 };
    if (model.endsWith('.en')) return long;
    return {
      ...long,
      ...(language !== 'auto' && { language }),
      task: translate ? 'translate' : 'transcribe',
    };
  }
}
