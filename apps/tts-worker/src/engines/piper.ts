/** Speaks with Piper voices: their files in a folder, @mintplex-labs/piper-tts-web in this thread, no network. */
import { createSentenceCutter } from '@hearth/core';
import type { LoadTools } from '@hearth/runtime';
import { TtsError } from '../errors.ts';
import { joinSpeech, withoutLead } from './audio.ts';
import { openPiper, type Piper, type PiperRuntime, type PiperSession } from './piper/library.ts';
import { piperVoiceNames, type PiperVoice, readPiperVoice } from './piper/voices.ts';
import type { Speech, SynthesisRequest, Voice } from './synthesizer.ts';
import { readableText, unknownVoice } from './text.ts';

export interface PiperOptions {
  readonly enginesDir: string;
  /** Holds `<name>.onnx` and `<name>.onnx.json`. */
  readonly voicesDir: string;
  /** The default; the first by name when absent. */
  readonly voice?: string | undefined;
  readonly runtime: PiperRuntime;
}

/** An open voice takes some 100 MB. The one that was not heard for longest makes room. */
const MAX_OPEN_VOICES = 3;
/** Between sentences; a voice itself ends in a little silence. */
const PAUSE_MS = 120;

export class Engine {
  readonly #options: PiperOptions;
  /** The one used last at the end. */
  readonly #open = new Map<string, PiperSession>();
  #piper: Piper | undefined;

  constructor(options: PiperOptions) {
    this.#options = options;
  }

  async load(tools: LoadTools): Promise<void> {
    this.#piper = await openPiper(this.#options);
    const voice = await this.#find(undefined);
    tools.progress(`voice ${voice.name}`);
    // The first run is slower than later ones, and a broken voice should be told of now.
    await (await this.#session(voice)).speak('Ready.', 1);
  }

  async synthesize({ text, voice, speed = 1 }: SynthesisRequest): Promise<Speech> {
    const found = await this.#find(voice);
    const spoken = readableText(text);
    if (spoken === '') return { rateHz: found.rateHz, samples: new Int16Array(0) };
    const session = await this.#session(found);
    const parts: Int16Array[] = [];
    for (const sentence of sentencesOf(spoken)) parts.push(await session.speak(sentence, speed));
    const pauseSamples = Math.round((PAUSE_MS * found.rateHz) / 1000 / speed);
    return withoutLead({ rateHz: found.rateHz, samples: joinSpeech(parts, pauseSamples) });
  }

  /** Without those that are broken: they are told of when they are asked for. */
  async voices(): Promise<readonly Voice[]> {
    const { voicesDir, voice: first } = this.#options;
    const names = await piperVoiceNames(voicesDir);
    const read = await Promise.allSettled(names.map((name) => readPiperVoice(voicesDir, name)));
    return read
      .flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      .map(({ name, language, rateHz }) => ({ name, language, rateHz }))
      .sort((a, b) => Number(b.name === first) - Number(a.name === first));
  }

  async close(): Promise<void> {
    for (const session of this.#open.values()) await session.close();
    this.#open.clear();
  }

  /** The folder is looked at each time: a voice that was just pulled can be spoken with. */
  async #find(wanted = this.#options.voice): Promise<PiperVoice> {
    const { voicesDir } = this.#options;
    const names = await piperVoiceNames(voicesDir);
    const name = wanted === undefined ? names[0] : names.find((known) => known === wanted);
    if (name !== undefined) return await readPiperVoice(voicesDir, name);
    const pull = `npx hearth models pull ${wanted ?? 'NAME'}`;
    if (names.length === 0) {
      throw new TtsError('UNKNOWN_VOICE', `There is no Piper voice in ${voicesDir}. Run: ${pull}`);
    }
    throw unknownVoice(
      'piper',
      wanted ?? '',
      names,
      ' To get another: npx hearth models pull NAME',
    );
  }

  async #session(voice: PiperVoice): Promise<PiperSession> {
    if (!this.#piper) throw new TtsError('SYNTHESIS_FAILED', 'piper is not loaded');
    const session = this.#open.get(voice.name) ?? (await this.#piper.open(voice));
    this.#open.delete(voice.name);
    this.#open.set(voice.name, session);
    const [oldest] = this.#open;
    if (this.#open.size > MAX_OPEN_VOICES && oldest) {
      this.#open.delete(oldest[0]);
      await oldest[1].close();
    }
    return session;
  }
}

function sentencesOf(text: string): string[] {
  const cutter = createSentenceCutter();
  return [...cutter.push(text), ...cutter.end()].filter((part) => /[\p{L}\p{N}]/u.test(part));
}
