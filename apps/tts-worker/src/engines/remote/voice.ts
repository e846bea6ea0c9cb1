/** What engines on other machines have in common: a guard until the first audio, a time limit after it, voices, no text in errors. */
import { type CallTools, createRemoteGuard, type RemoteGuard, RuntimeError } from '@hearth/runtime';
import { joinSpeech } from '../audio.ts';
import type { Speech, SpeechStream, SynthesisRequest, Voice } from '../synthesizer.ts';
import { readableText, unknownVoice } from '../text.ts';

interface RemoteRequest {
  readonly text: string;
  readonly voice: string;
  readonly speed: number;
}

export interface RemoteServer {
  readonly name: string;
  /** For the request up to its first audio. */
  readonly timeoutMs: number;
  /** Default voice first; at least one. */
  readonly voices: readonly Voice[];
  /** Sends the request and gives its audio as it comes. `signal` ends both. */
  ask(request: RemoteRequest, signal: AbortSignal): Promise<AsyncIterable<Speech>>;
}

export interface RemoteVoice {
  stream(request: SynthesisRequest, tools: CallTools): Promise<SpeechStream>;
  synthesize(request: SynthesisRequest, tools: CallTools): Promise<Speech>;
  voices(): readonly Voice[];
}

/** Between two pieces of audio. */
const GAP_LIMIT_MS = 5_000;
/** Of one synthesis: two minutes of text, slowly. */
const MAX_AUDIO_S = 300;

export function createRemoteVoice(server: RemoteServer): RemoteVoice {
  const { name, timeoutMs } = server;
  const guard: RemoteGuard = createRemoteGuard({ name, timeoutMs });
  /** What a voice really came in, once it was heard. */
  const rates = new Map(server.voices.map((voice) => [voice.name, voice.rateHz]));

  function find(wanted: string | undefined): string {
    const names = server.voices.map((voice) => voice.name);
    const [first = ''] = names;
    if (wanted === undefined || names.includes(wanted)) return wanted ?? first;
    throw unknownVoice(name, wanted, names);
  }

  async function stream(
    { text, voice, speed = 1 }: SynthesisRequest,
    { signal }: CallTools,
  ): Promise<SpeechStream> {
    const found = find(voice);
    const spoken = readableText(text);
    if (spoken === '') return silence(rates.get(found) ?? 0);
    const started = await guard.run(
      (stop) =>
        start(name, (life) => server.ask({ text: spoken, voice: found, speed }, life), stop),
      { signal },
    );
    rates.set(found, started.first.rateHz);
    return goOn(name, started);
  }

  return {
    stream,
    async synthesize(request, tools) {
      const coming = await stream(request, tools);
      tools.signal.addEventListener('abort', () => coming.cancel(), { once: true });
      return await whole(coming);
    },
    voices: () =>
      server.voices.map((voice) => ({ ...voice, rateHz: rates.get(voice.name) ?? voice.rateHz })),
  };
}

interface Started {
  readonly first: Speech;
  readonly rest: AsyncIterator<Speech>;
  /** Ends the connection. */
  readonly life: AbortController;
}

/** Up to the first audio, within what `stop` allows. */
async function start(
  name: string,
  ask: (signal: AbortSignal) => Promise<AsyncIterable<Speech>>,
  stop: AbortSignal,
): Promise<Started> {
  const life = new AbortController();
  const end = () => life.abort();
  stop.addEventListener('abort', end, { once: true });
  try {
    const rest = (await ask(life.signal))[Symbol.asyncIterator]();
    const first = await rest.next();
    if (first.done) throw new RuntimeError('REMOTE_FAILED', `${name}: no audio came`);
    return { first: first.value, rest, life };
  } catch (thrown) {
    life.abort();
    throw thrown;
  } finally {
    stop.removeEventListener('abort', end);
  }
}

function goOn(name: string, { first, rest, life }: Started): SpeechStream {
  async function* audio(): AsyncGenerator<Speech> {
    let samples = 0;
    try {
      for (let speech: Speech | undefined = first; speech; speech = await nextOf(name, rest)) {
        samples += speech.samples.length;
        if (samples > MAX_AUDIO_S * speech.rateHz) {
          throw new RuntimeError('REMOTE_FAILED', `${name}: more than ${MAX_AUDIO_S} s of audio`);
        }
        yield speech;
      }
    } finally {
      life.abort();
    }
  }
  return Object.assign(audio(), { cancel: () => life.abort() });
}

/** Undefined at the end. */
async function nextOf(name: string, rest: AsyncIterator<Speech>): Promise<Speech | undefined> {
  const late = Promise.withResolvers<never>();
  const error = new RuntimeError('TIMEOUT', `${name}: no audio for ${GAP_LIMIT_MS} ms`);
  const timer = setTimeout(() => late.reject(error), GAP_LIMIT_MS);
  try {
    const next = await Promise.race([rest.next(), late.promise]);
    return next.done ? undefined : next.value;
  } catch (cause) {
    if (cause instanceof RuntimeError) throw cause;
    throw new RuntimeError('REMOTE_FAILED', `${name}: the audio broke off`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

function silence(rateHz: number): SpeechStream {
  async function* nothing(): AsyncGenerator<Speech> {
    yield { rateHz, samples: new Int16Array(0) };
  }
  return Object.assign(nothing(), { cancel() {} });
}

async function whole(stream: AsyncIterable<Speech>): Promise<Speech> {
  const parts: Speech[] = [];
  for await (const part of stream) parts.push(part);
  return {
    rateHz: parts[0]?.rateHz ?? 0,
    samples: joinSpeech(parts.map(({ samples }) => samples)),
  };
}

/** @throws RuntimeError ENGINE_UNAVAILABLE: the engine was chosen by name, without what it needs */
export function requireSetting(name: string, value: string | undefined): string {
  if (value) return value;
  throw new RuntimeError('ENGINE_UNAVAILABLE', `${name} is not set`);
}

/** Nothing has been said yet: the words of the socket may be shown. */
export function unreachable(setting: string, thrown: unknown): RuntimeError {
  const why = thrown instanceof Error ? thrown.message || thrown.name : 'no answer';
  return new RuntimeError('REMOTE_FAILED', `the server at ${setting} does not answer (${why})`, {
    cause: thrown,
  });
}
