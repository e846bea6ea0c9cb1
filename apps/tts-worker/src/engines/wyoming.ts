/** Speaks through any Wyoming text-to-speech server (wyoming-piper and others), streamed. */
import { type CallTools, RuntimeError } from '@hearth/runtime';
import { z } from 'zod';
import { TtsError } from '../errors.ts';
import { checkedFormat, createPcmReader, type PcmReader } from './remote/pcm.ts';
import {
  createRemoteVoice,
  type RemoteVoice,
  requireSetting,
  unreachable,
} from './remote/voice.ts';
import { connectWyoming } from './remote/wyoming-connection.ts';
import { createWyomingPool, type WyomingPool } from './remote/wyoming-pool.ts';
import type { Speech, SpeechStream, SynthesisRequest, Voice } from './synthesizer.ts';

export interface WyomingOptions {
  /** `tcp://host:10200` */
  readonly url: string | undefined;
  readonly voice?: string | undefined;
  readonly timeoutMs: number;
}

/** A server does not tell before it speaks; this is what most Piper voices have. */
const USUAL_RATE_HZ = 22_050;
const MAX_VOICES = 1_000;

const infoSchema = z.object({
  tts: z.array(
    z.object({
      voices: z
        .array(
          z.object({
            name: z.string().min(1),
            languages: z.array(z.string()).nullish(),
            installed: z.boolean().nullish(),
          }),
        )
        .nullish(),
    }),
  ),
});
const startSchema = z.object({ rate: z.number().int(), width: z.number(), channels: z.number() });

export class Engine {
  readonly #options: WyomingOptions;
  #pool: WyomingPool | undefined;
  #remote: RemoteVoice | undefined;

  constructor(options: WyomingOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {
    const { voice, timeoutMs } = this.#options;
    const { hostname, port } = new URL(requireSetting('TTS_WYOMING_URL', this.#options.url));
    // An address of IPv6 stands in brackets in a URL.
    const host = hostname.replace(/^\[|\]$/g, '');
    const pool = createWyomingPool((signal) => connectWyoming(host, Number(port), signal));
    this.#pool = pool;
    const voices = await describe(pool, AbortSignal.timeout(timeoutMs)).catch((thrown: unknown) => {
      throw thrown instanceof TtsError ? thrown : unreachable('TTS_WYOMING_URL', thrown);
    });
    if (voice !== undefined && !voices.some(({ name }) => name === voice)) {
      const names = voices.slice(0, 12).map(({ name }) => name);
      const has = names.length > 0 ? names.join(', ') : 'none';
      throw new TtsError('UNKNOWN_VOICE', `wyoming has no voice "${voice}"; it has ${has}`);
    }
    const ordered = voices.sort((a, b) => Number(b.name === voice) - Number(a.name === voice));
    this.#remote = createRemoteVoice({
      name: 'wyoming',
      timeoutMs,
      voices: ordered,
      ask: async ({ text, voice }, signal) => speak(pool, { text, voice, signal }),
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
    this.#pool?.close();
  }

  #ready(): RemoteVoice {
    if (!this.#remote) throw new TtsError('SYNTHESIS_FAILED', 'wyoming is not loaded');
    return this.#remote;
  }
}

async function describe(pool: WyomingPool, signal: AbortSignal): Promise<Voice[]> {
  for await (const event of pool.ask({ type: 'describe' }, isInfo, signal)) {
    if (!isInfo(event.type)) continue;
    const info = infoSchema.safeParse(event.data);
    if (!info.success || info.data.tts.length === 0) break;
    return info.data.tts
      .flatMap(({ voices }) => voices ?? [])
      .filter(({ installed }) => installed !== false)
      .slice(0, MAX_VOICES)
      .map(({ name, languages }) => ({
        name,
        language: languages?.[0] ?? 'und',
        rateHz: USUAL_RATE_HZ,
      }));
  }
  throw new TtsError('SYNTHESIS_FAILED', 'the server at TTS_WYOMING_URL does not speak');
}

/** The protocol has no speed. */
async function* speak(
  pool: WyomingPool,
  { text, voice, signal }: { text: string; voice: string; signal: AbortSignal },
): AsyncGenerator<Speech> {
  const question = { type: 'synthesize', data: { text, voice: { name: voice } } };
  let reader: PcmReader | undefined;
  for await (const { type, data, payload } of pool.ask(question, isEnd, signal)) {
    // Its words may repeat the text.
    if (type === 'error') throw new RuntimeError('REMOTE_FAILED', 'wyoming: the server failed');
    if (type === 'audio-start') reader = createPcmReader(formatOf(data));
    if (type === 'audio-chunk') {
      reader ??= createPcmReader(formatOf(data));
      const speech = reader.push(payload);
      if (speech.samples.length > 0) yield speech;
    }
  }
}

const isInfo = (type: string): boolean => type === 'info';
const isEnd = (type: string): boolean => type === 'audio-stop' || type === 'error';

function formatOf(data: unknown): { rateHz: number; channels: number } {
  const start = startSchema.safeParse(data);
  if (!start.success || start.data.width !== 2) {
    throw new RuntimeError('REMOTE_FAILED', 'wyoming: the audio is not in 16 bits');
  }
  return checkedFormat({ rateHz: start.data.rate, channels: start.data.channels });
}
