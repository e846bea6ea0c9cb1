/**
 * Hears the sentences of a grammar, and nothing else: SoundSwallower, a small recogniser in WASM with its own acoustic
 * model. It takes no dictation and needs no download. What is no command comes out as empty text.
 */
import { loadDecoders } from '../sphinx/decoder.ts';
import { loudFrames } from '../sphinx/loudness.ts';
import { pronounce } from '../sphinx/pronounce.ts';
import { type Decoders, decodeUtterance, type UtteranceDecoding } from '../sphinx/utterance.ts';
import { isSpoken, judge, type Verdict } from '../sphinx/verdict.ts';
import {
  type Hearing,
  type Partial,
  type Piece,
  type Recording,
  type Sentences,
  type Transcriber,
  TranscriberError,
} from './transcriber.ts';

export interface Options {
  /** Words that wake the assistant: heard before a command, and no command by themselves. */
  readonly wakeWords: readonly string[];
}

/** Told with each transcript: this engine stands in for servers that are away. */
const NAME = 'soundswallower';

/** Wider than the library's own: with those, one in eight commands was lost. */
const COMMAND_BEAM = 1e-80;
/** There is no path to lose in a loop; narrower is as good and costs a tenth less. */
const PHONE_BEAM = 1e-40;

const PHONES =
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH';

/** New samples before it is looked again at what has been heard: a look costs as much as decoding them. 300 ms. */
const PARTIAL_SAMPLES = 4_800;

/** Milliseconds after which an utterance that got no more samples gives way to another one. */
const ABANDONED_MS = 1_000;

interface Current {
  readonly utterance: string;
  readonly decoding: UtteranceDecoding;
  heardAt: number;
  /** What was heard after so many samples. */
  partial: { readonly taken: number; readonly text: string };
}

export class Engine implements Transcriber {
  readonly #wakeWords: readonly string[];
  #decoders: Decoders | undefined;
  #taught = false;
  #current: Current | undefined;

  constructor({ wakeWords }: Options) {
    this.#wakeWords = wakeWords;
  }

  async load(): Promise<void> {
    const open = await loadDecoders();
    const commands = await open({ beam: COMMAND_BEAM, dictionary: true });
    const phones = await open({ beam: PHONE_BEAM, dictionary: false });
    const names = PHONES.split(' ').map((phone) => [`ph_${phone.toLowerCase()}`, phone] as const);
    phones.addWords(names);
    const loop = names.map(([name]) => name).join(' | ');
    phones.setGrammar(`#JSGF V1.0;\ngrammar phones;\npublic <sound> = (${loop})+;\n`);
    this.#decoders = { commands, phones };
  }

  learn({ rules, words }: Sentences): void {
    const { commands } = this.#loaded();
    this.#current = undefined;
    const wake = this.#wakeWords;
    const unknown = [...words, ...wake.join(' ').split(' ')].filter(
      (word) => word !== '' && !commands.knows(word),
    );
    const spoken = unknown.flatMap((word) => {
      const pronunciation = pronounce(word);
      return pronunciation === '' ? [] : [[word, pronunciation] as const];
    });
    const start =
      wake.length > 0
        ? `<command> | <stt_wake> [<command>];\n<stt_wake> = ${wake.join(' | ')}`
        : '<command>';
    try {
      if (spoken.length > 0) commands.addWords([...new Map(spoken)]);
      commands.setGrammar(`#JSGF V1.0;\ngrammar home;\n${rules}\npublic <stt_heard> = ${start};\n`);
    } catch (cause) {
      throw new TranscriberError('BAD_GRAMMAR', 'the sentences make no grammar', { cause });
    }
    this.#taught = true;
  }

  async listen({ utterance, from, samples }: Piece): Promise<Partial> {
    const current = this.#follow(utterance, from);
    if (!current) return { text: '' };
    const { decoding, partial } = current;
    await decoding.push(samples);
    if (decoding.tooLong) return { text: '' };
    if (decoding.taken - partial.taken >= PARTIAL_SAMPLES) {
      const { commands, phones } = decoding.path();
      const { accepted } = judge({ commands, phones });
      current.partial = { taken: decoding.taken, text: accepted ? this.#textOf(commands) : '' };
    }
    return { text: current.partial.text };
  }

  async transcribe({ utterance, samples }: Recording): Promise<Hearing> {
    const decoding = this.#resume(utterance);
    this.#current = undefined;
    await decoding.push(samples.subarray(decoding.taken));
    if (decoding.tooLong) return { text: '', confidence: 0, heardBy: NAME };
    await decoding.end();
    const { commands, phones } = decoding.path();
    const verdict: Verdict = judge({ commands, phones, loud: loudFrames(samples) });
    const text = verdict.accepted ? this.#textOf(commands) : '';
    return { text, confidence: text === '' ? 0 : verdict.confidence, heardBy: NAME };
  }

  close(): void {
    this.#decoders?.commands.close();
    this.#decoders?.phones.close();
    this.#decoders = undefined;
  }

  /** @returns undefined for an utterance that is to be decoded as a whole when it has ended */
  #follow(utterance: string, from: number): Current | undefined {
    const decoders = this.#ready();
    const now = performance.now();
    let current = this.#current;
    if (current && current.utterance !== utterance) {
      // Two people at once: the one who began is decoded while speaking.
      if (now - current.heardAt < ABANDONED_MS) return undefined;
      current = undefined;
    }
    current ??= {
      utterance,
      decoding: decodeUtterance(decoders),
      heardAt: now,
      partial: { taken: 0, text: '' },
    };
    current.heardAt = now;
    // Samples that did not arrive here, or a new grammar in the middle: half an utterance is no use.
    this.#current = current.decoding.taken === from ? current : undefined;
    return this.#current;
  }

  /** What was listened to goes on; it may reach into the silence behind the utterance. */
  #resume(utterance: string | undefined): UtteranceDecoding {
    const decoders = this.#ready();
    const current = this.#current;
    const known = utterance !== undefined && current?.utterance === utterance;
    return known ? current.decoding : decodeUtterance(decoders);
  }

  #textOf(commands: ReturnType<UtteranceDecoding['path']>['commands']): string {
    const text = commands
      .filter(isSpoken)
      .map(({ word }) => word)
      .join(' ');
    const wake = this.#wakeWords.find((phrase) => `${text} `.startsWith(`${phrase} `));
    return wake === undefined ? text : text.slice(wake.length).trim();
  }

  #loaded(): Decoders {
    if (this.#decoders === undefined) throw new Error('load() was not called');
    return this.#decoders;
  }

  #ready(): Decoders {
    if (!this.#taught) throw new TranscriberError('UNTAUGHT', 'there are no sentences to hear yet');
    return this.#loaded();
  }
}
