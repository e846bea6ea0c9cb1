/** Speaks through espeak-ng of the system: some 100 languages, robotic. It is GPL: who wants it installs it. */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { type CallTools, RuntimeError } from '@hearth/runtime';
import { TtsError } from '../errors.ts';
import { joinSpeech, withoutLead } from './audio.ts';
import { speechFrom } from './remote/pcm.ts';
import type { Speech, SynthesisRequest, Voice } from './synthesizer.ts';
import { readableText, unknownVoice } from './text.ts';

export interface EspeakOptions {
  readonly program: string;
  /** A language as espeak-ng names it: en-us, de. */
  readonly voice?: string | undefined;
}

const RATE_HZ = 22_050;
const WORDS_PER_MINUTE = 175;
/** Measured: its words per minute grow the speed more than in proportion. */
const SPEED_EXPONENT = 0.92;
const DEFAULT_VOICE = 'en-us';
/** A second of work is a minute of speech. */
const LIMIT_MS = 20_000;

export class Engine {
  readonly #program: string;
  readonly #voice: string;
  #voices: readonly Voice[] = [];

  constructor({ program, voice = DEFAULT_VOICE }: EspeakOptions) {
    this.#program = program;
    this.#voice = voice;
  }

  async load(): Promise<void> {
    const listed = await listVoices(this.#program);
    this.#voices = listed.sort(
      (a, b) => Number(b.name === this.#voice) - Number(a.name === this.#voice),
    );
    this.#find(this.#voice);
  }

  async synthesizeAsync(
    { text, voice = this.#voice, speed = 1 }: SynthesisRequest,
    { signal }: CallTools,
  ): Promise<Speech> {
    const { name } = this.#find(voice);
    const spoken = readableText(text);
    if (spoken === '') return { rateHz: RATE_HZ, samples: new Int16Array(0) };
    const words = Math.round(WORDS_PER_MINUTE * speed ** SPEED_EXPONENT);
    const args = ['-v', name, '-s', String(words), '--stdin', '--stdout'];
    return withoutLead(await run(this.#program, { args, spoken, signal }));
  }

  async voicesAsync(): Promise<readonly Voice[]> {
    return this.#voices;
  }

  #find(name: string): Voice {
    const found = this.#voices.find((voice) => voice.name === name);
    if (found) return found;
    const names = this.#voices.map((voice) => voice.name);
    throw unknownVoice('espeak', name, names);
  }
}

async function run(
  program: string,
  { args, spoken, signal }: { args: readonly string[]; spoken: string; signal: AbortSignal },
): Promise<Speech> {
  const stop = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const child = spawn(program, args, { signal: stop, stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = Promise.withResolvers<void>();
  ended.promise.catch(() => {});
  child.once('error', ended.reject).once('close', () => ended.resolve());
  // It may end before it has read everything.
  child.stdin.on('error', () => {});
  child.stdin.end(spoken);
  try {
    const parts: Int16Array[] = [];
    let rateHz = RATE_HZ;
    for await (const part of speechFrom(child.stdout, { rateHz, channels: 1 })) {
      rateHz = part.rateHz;
      parts.push(part.samples);
    }
    await ended.promise;
    return { rateHz, samples: joinSpeech(parts) };
  } catch (cause) {
    throw new TtsError('SYNTHESIS_FAILED', 'espeak-ng gave no audio', { cause });
  }
}

/** Lines like ` 2  en-us  --/M  English_(America)  gmw/en-US  (en 3)`; the language names the voice. */
async function listVoices(program: string): Promise<Voice[]> {
  const { stdout } = await promisify(execFile)(program, ['--voices'], {
    timeout: LIMIT_MS,
    maxBuffer: 1_000_000,
  }).catch((cause: unknown) => {
    const message = `${program} cannot be run: install espeak-ng, or set TTS_ESPEAK_PROGRAM`;
    throw new RuntimeError('ENGINE_UNAVAILABLE', message, { cause });
  });
  const names = stdout
    .split('\n')
    .slice(1)
    .flatMap((line) => line.trim().split(/\s+/)[1] ?? []);
  return [...new Set(names)].map((name) => ({ name, language: name, rateHz: RATE_HZ }));
}
