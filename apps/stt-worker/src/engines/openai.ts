/** Takes dictation through any server with OpenAI's `/v1/audio/transcriptions`: speaches, LocalAI, vLLM, OpenAI. */
import { SPEECH_RATE_HZ } from '@hearth/contracts';
import { writeWav } from '@hearth/core';
import { type CallTools, createRemoteGuard, type RemoteGuard, RuntimeError } from '@hearth/runtime';
import { z } from 'zod';
import { connectHttp, type HttpServer } from '../remote/http.ts';
import { dictate, type Written } from '../whisper/dictate.ts';
import type { AsyncTranscriber, Hearing, Recording } from './transcriber.ts';

export interface Options {
  /** With its version: `http://box:8000/v1`. */
  readonly url: string;
  readonly key?: string | undefined;
  readonly model: string;
  /** `en`, or `auto`. */
  readonly language: string;
  /** Into English. */
  readonly translate: boolean;
  readonly prompt: string;
  readonly timeoutMs: number;
}

interface Form {
  readonly type: string;
  readonly body: Uint8Array;
}

const answerSchema = z.object({ text: z.string() });

export class Engine implements AsyncTranscriber {
  readonly #options: Options;
  #server: HttpServer | undefined;
  readonly #guard: RemoteGuard;

  constructor(options: Options) {
    this.#options = options;
    this.#guard = createRemoteGuard({ name: 'openai', timeoutMs: options.timeoutMs });
  }

  load(): void {
    this.#server = connectHttp(this.#options.url);
  }

  transcribeAsync({ samples }: Recording, { signal }: CallTools): Promise<Hearing> {
    return dictate(samples, async (sound) => {
      const form = await this.#form(sound);
      return await this.#guard.run((stop) => this.#ask(form, stop), { signal });
    });
  }

  close(): void {
    this.#server?.close();
  }

  async #form(samples: Int16Array): Promise<Form> {
    const { model, language, translate, prompt } = this.#options;
    const wav = writeWav({ rateHz: SPEECH_RATE_HZ, channels: 1, samples });
    const form = new FormData();
    form.set('file', new Blob([wav], { type: 'audio/wav' }), 'utterance.wav');
    form.set('model', model);
    form.set('response_format', 'json');
    form.set('temperature', '0');
    if (language !== 'auto' && !translate) form.set('language', language);
    if (prompt !== '') form.set('prompt', prompt);
    // The platform's own way to lay a form out.
    const laidOut = new Response(form);
    const body = new Uint8Array(await laidOut.arrayBuffer());
    return { type: laidOut.headers.get('content-type') ?? '', body };
  }

  async #ask({ type, body }: Form, signal: AbortSignal): Promise<Written> {
    if (!this.#server) throw new Error('load() was not called');
    const { translate, key } = this.#options;
    const path = translate ? '/audio/translations' : '/audio/transcriptions';
    const headers = { 'content-type': type, ...(key && { authorization: `Bearer ${key}` }) };
    return textIn(await this.#server.post({ path, headers, body, signal }));
  }
}

function textIn(answer: string): Written {
  try {
    return answerSchema.parse(JSON.parse(answer));
  } catch {
    // The cause would quote it.
    throw new RuntimeError('REMOTE_FAILED', 'openai: the answer holds no text');
  }
}
