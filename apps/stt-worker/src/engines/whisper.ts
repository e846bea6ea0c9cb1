/** Takes dictation in many languages: whisper.cpp as an addon, @fugood/whisper.node, on the processor. */
import { importOptional } from '@hearth/runtime';
import { dictate } from '../whisper/dictate.ts';
import { brokenModel, requireWhisperModel, type WhisperSettings } from '../whisper/model.ts';
import type { Hearing, Recording, Transcriber } from './transcriber.ts';

export interface Options extends WhisperSettings {
  readonly enginesDir: string;
}

/** What is used of the package. */
interface Library {
  initWhisper(options: { filePath: string; useGpu: boolean }): Promise<Context>;
  /** Hands what whisper.cpp prints to listeners, of which there are none: else it all goes to standard error. */
  toggleNativeLog(enable: boolean): Promise<void>;
}

interface Context {
  transcribeData(
    samples: ArrayBuffer,
    options: {
      language: string;
      translate: boolean;
      maxThreads: number;
      prompt?: string;
    },
  ): { promise: Promise<{ segments: readonly { text: string }[] }> };
  release(): Promise<void>;
}

/**
 * Opening a model blocks, and one that is damaged (a type of tensor below zero) ends the process with a segmentation
 * fault, so all of it lives in a process of its own.
 *
 * The library drops pieces whose no-speech probability is above 0.6 and whose words are improbable, and tells the number
 * to nobody: what it lets through is held against the sound and the phrases that Whisper is known to invent.
 */
export class Engine implements Transcriber {
  readonly #options: Options;
  #library: Library | undefined;
  #context: Context | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  async load(): Promise<void> {
    const { enginesDir, model } = this.#options;
    const filePath = await requireWhisperModel(model);
    const library = await importOptional<Library>('@fugood/whisper.node', {
      enginesDir,
      addName: 'whisper',
    });
    this.#library = library;
    await library.toggleNativeLog(true);
    try {
      this.#context = await library.initWhisper({ filePath, useGpu: false });
    } catch (cause) {
      await this.close();
      throw brokenModel(model, 'whisper.cpp cannot open it', cause);
    }
  }

  /** A call that is abandoned runs to its end: `stop` of the library leaves its promise open for ever (1.1.3). */
  transcribe({ samples }: Recording): Promise<Hearing> {
    const context = this.#context;
    if (!context) throw new Error('load() was not called');
    const { language, translate, threads: maxThreads, prompt } = this.#options;
    const options = { language, translate, maxThreads, ...(prompt && { prompt }) };
    return dictate(samples, async ({ buffer }) => {
      const { segments } = await context.transcribeData(buffer, options).promise;
      return { text: segments.map(({ text }) => text).join(' ') };
    });
  }

  async close(): Promise<void> {
    await this.#context?.release();
    this.#context = undefined;
    await this.#library?.toggleNativeLog(false);
  }
}
