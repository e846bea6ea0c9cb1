/** Takes dictation through any Wyoming server for speech to text: faster-whisper, whisper.cpp, vosk, speech-to-phrase. */
import { SPEECH_RATE_HZ } from '@hearth/contracts';
import { bytesOf } from '@hearth/core';
import { type CallTools, createRemoteGuard, type RemoteGuard } from '@hearth/runtime';
import { connectWyoming, type WyomingServer } from '../remote/wyoming.ts';
import { dictate, type Written } from '../whisper/dictate.ts';
import type { AsyncTranscriber, Hearing, Recording } from './transcriber.ts';

export interface Options {
  /** `tcp://box:10300` */
  readonly url: string;
  /** `en`, or `auto`. */
  readonly language: string;
  readonly timeoutMs: number;
}

/** 64 ms a piece, as satellites send it. */
const CHUNK_BYTES = 2_048;
const FORMAT = { rate: SPEECH_RATE_HZ, width: 2, channels: 1 };

export class Engine implements AsyncTranscriber {
  readonly #options: Options;
  readonly #guard: RemoteGuard;
  #server: WyomingServer | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#guard = createRemoteGuard({ name: 'wyoming', timeoutMs: options.timeoutMs });
  }

  load(): void {
    this.#server = connectWyoming(this.#options.url);
  }

  transcribeAsync({ samples }: Recording, { signal }: CallTools): Promise<Hearing> {
    return dictate(samples, (sound) =>
      this.#guard.run((stop) => this.#ask(sound, stop), { signal }),
    );
  }

  close(): void {
    this.#server?.close();
  }

  async #ask(samples: Int16Array, signal: AbortSignal): Promise<Written> {
    if (!this.#server) throw new Error('load() was not called');
    const { language } = this.#options;
    return await this.#server.ask(utterance(samples, language), signal, (event) => {
      const { text } = event.data;
      return event.type === 'transcript' && typeof text === 'string' ? { text } : undefined;
    });
  }
}

function* utterance(samples: Int16Array, language: string) {
  yield { type: 'transcribe', data: language === 'auto' ? {} : { language } };
  yield { type: 'audio-start', data: FORMAT };
  const bytes = bytesOf(samples);
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    yield {
      type: 'audio-chunk',
      data: FORMAT,
      payload: bytes.subarray(at, at + CHUNK_BYTES),
    };
  }
  yield { type: 'audio-stop' };
}
