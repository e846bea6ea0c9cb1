/** Speaks through `/v1/audio/speech` of OpenAI or of any server that has it (Kokoro-FastAPI, LocalAI, openedai-speech, ...). */
import { type CallTools, RuntimeError } from '@hearth/runtime';
import { z } from 'zod';
import { TtsError } from '../errors.ts';
import { createHttpClient, type HttpClient, HttpStatusError } from './remote/http.ts';
import { speechFrom } from './remote/pcm.ts';
import {
  createRemoteVoice,
  type RemoteVoice,
  requireSetting,
  unreachable,
} from './remote/voice.ts';
import type { Speech, SpeechStream, SynthesisRequest, Voice } from './synthesizer.ts';

export interface OpenAiOptions {
  /** Up to and with `/v1`. */
  readonly url: string | undefined;
  readonly key?: string | undefined;
  readonly model: string;
  readonly format: 'pcm' | 'wav';
  readonly voice?: string | undefined;
  readonly timeoutMs: number;
}

/** What OpenAI sends as `pcm`, and what others took over with it. */
const PCM = { rateHz: 24_000, channels: 1 };
/** OpenAI has no list to ask for. */
const KNOWN_VOICES = [
  'alloy',
  'ash',
  'ballad',
  'coral',
  'echo',
  'fable',
  'nova',
  'onyx',
  'sage',
  'shimmer',
  'verse',
];

/** Kokoro-FastAPI and openedai-speech: names, or objects with an id. */
const voicesSchema = z.object({
  voices: z.array(z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)])),
});

export class Engine {
  readonly #options: OpenAiOptions;
  #http: HttpClient | undefined;
  #remote: RemoteVoice | undefined;

  constructor(options: OpenAiOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {
    const { voice, timeoutMs, key } = this.#options;
    const url = requireSetting('TTS_OPENAI_URL', this.#options.url);
    const http = createHttpClient(url, key ? { authorization: `Bearer ${key}` } : {});
    this.#http = http;
    const names = await voiceNames(http, timeoutMs);
    const ordered =
      voice === undefined ? names : [voice, ...names.filter((name) => name !== voice)];
    const voices = ordered.map((name): Voice => ({ name, language: 'und', rateHz: PCM.rateHz }));
    this.#remote = createRemoteVoice({
      name: 'openai',
      timeoutMs,
      voices,
      ask: async ({ text, voice, speed }, signal) => {
        const { model, format } = this.#options;
        const post = { model, input: text, voice, speed, response_format: format };
        const { contentType, body } = await http.ask('audio/speech', { post, signal });
        if (/^(text\/|application\/json)/.test(contentType)) {
          throw new RuntimeError(
            'REMOTE_FAILED',
            `openai: answered with ${contentType}, not audio`,
          );
        }
        return speechFrom(body, PCM);
      },
    });
  }

  synthesizeAsync(request: SynthesisRequest, tools: CallTools): Promise<Speech> {
    return this.#ready().synthesize(request, tools);
  }

  streamAsync(request: SynthesisRequest, tools: CallTools): Promise<SpeechStream> {
    return this.#ready().stream(request, tools);
  }

  async voicesAsync(): Promise<readonly Voice[]> {
    return this.#ready().voices();
  }

  close(): void {
    this.#http?.close();
  }

  #ready(): RemoteVoice {
    if (!this.#remote) throw new TtsError('SYNTHESIS_FAILED', 'openai is not loaded');
    return this.#remote;
  }
}

/** A server without a list has the names of OpenAI, and the one of the settings. */
async function voiceNames(http: HttpClient, timeoutMs: number): Promise<readonly string[]> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const list = voicesSchema.safeParse(await http.askJson('audio/voices', { signal }));
    return list.data && list.data.voices.length > 0 ? list.data.voices : KNOWN_VOICES;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return KNOWN_VOICES;
    if (!(thrown instanceof HttpStatusError)) throw unreachable('TTS_OPENAI_URL', thrown);
    if (thrown.status === 401 || thrown.status === 403) throw refused(thrown);
    return KNOWN_VOICES;
  }
}

function refused(cause: HttpStatusError): TtsError {
  const message = `the server refuses the key (status ${cause.status}): see TTS_OPENAI_KEY`;
  return new TtsError('SYNTHESIS_FAILED', message, { cause });
}
