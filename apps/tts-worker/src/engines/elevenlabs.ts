/** Speaks through ElevenLabs, streamed as PCM. */
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

export interface ElevenLabsOptions {
  readonly url: string;
  readonly key: string | undefined;
  readonly model: string;
  /** Name or id. */
  readonly voice?: string | undefined;
  readonly timeoutMs: number;
}

/** Every plan may have this rate; 44.1 kHz needs a dear one. */
const RATE_HZ = 24_000;
const [SLOWEST, FASTEST] = [0.7, 1.2];
const MAX_VOICES = 500;

const voicesSchema = z.object({
  voices: z.array(
    z.object({
      voice_id: z.string().min(1),
      name: z.string().min(1),
      labels: z.object({ language: z.string().optional() }).nullish(),
    }),
  ),
});

export class Engine {
  readonly #options: ElevenLabsOptions;
  #http: HttpClient | undefined;
  #remote: RemoteVoice | undefined;

  constructor(options: ElevenLabsOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {
    const { url, voice, model, timeoutMs } = this.#options;
    const key = requireSetting('TTS_ELEVENLABS_KEY', this.#options.key);
    const http = createHttpClient(url, { 'xi-api-key': key });
    this.#http = http;
    const known = await listVoices(http, timeoutMs);
    const names = new Map<string, string>(known.flatMap(({ voice_id: id, name }) => [[name, id]]));
    const ids = new Map([...names, ...known.map(({ voice_id: id }) => [id, id] as const)]);
    if (voice !== undefined && !ids.has(voice)) {
      throw new TtsError('UNKNOWN_VOICE', `elevenlabs has no voice "${voice}" in this account`);
    }
    const voices = known
      .map(
        ({ name, labels }): Voice => ({
          name,
          language: labels?.language ?? 'und',
          rateHz: RATE_HZ,
        }),
      )
      .sort((a, b) => Number(isVoice(b, voice, ids)) - Number(isVoice(a, voice, ids)));
    this.#remote = createRemoteVoice({
      name: 'elevenlabs',
      timeoutMs,
      voices,
      ask: async ({ text, voice, speed }, signal) => {
        const id = encodeURIComponent(ids.get(voice) ?? voice);
        const path = `v1/text-to-speech/${id}/stream?output_format=pcm_${RATE_HZ}`;
        const post = {
          text,
          model_id: model,
          voice_settings: { speed: Math.min(FASTEST, Math.max(SLOWEST, speed)) },
        };
        const { contentType, body } = await http.ask(path, { post, signal });
        if (/^(text\/|application\/json)/.test(contentType)) {
          throw new RuntimeError(
            'REMOTE_FAILED',
            `elevenlabs: answered with ${contentType}, not audio`,
          );
        }
        return speechFrom(body, { rateHz: RATE_HZ, channels: 1 });
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
    if (!this.#remote) throw new TtsError('SYNTHESIS_FAILED', 'elevenlabs is not loaded');
    return this.#remote;
  }
}

async function listVoices(http: HttpClient, timeoutMs: number) {
  const signal = AbortSignal.timeout(timeoutMs);
  const answer = await http.askJson('v1/voices', { signal }).catch((cause: unknown) => {
    if (!(cause instanceof HttpStatusError)) throw unreachable('TTS_ELEVENLABS_URL', cause);
    const what = `the server answers with status ${cause.status}: see TTS_ELEVENLABS_KEY`;
    throw new TtsError('SYNTHESIS_FAILED', what, { cause });
  });
  const list = voicesSchema.safeParse(answer);
  if (list.success && list.data.voices.length > 0) return list.data.voices.slice(0, MAX_VOICES);
  throw new TtsError('SYNTHESIS_FAILED', 'the account has no voice');
}

function isVoice(
  { name }: Voice,
  wanted: string | undefined,
  ids: ReadonlyMap<string, string>,
): boolean {
  return wanted !== undefined && ids.get(name) === ids.get(wanted);
}
