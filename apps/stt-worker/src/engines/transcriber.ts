/** What the worker asks of a speech recogniser. */
import type { CallTools } from '@hearth/runtime';

/** 16 kHz, one channel. */
export interface Recording {
  /** The whole utterance, from its first sample on. */
  readonly samples: Int16Array;
  /** The name under which its beginning was given to `listen`, if it was. */
  readonly utterance?: string | undefined;
}

/** The next samples of an utterance that goes on. */
export interface Piece {
  /** Any name; a new one begins a new utterance. */
  readonly utterance: string;
  /** Samples of this utterance before this piece: shows when an engine has missed some. */
  readonly from: number;
  readonly samples: Int16Array;
}

export interface Hearing {
  /**
   * Words: in lower case from a grammar, with capitals and punctuation from an engine that takes dictation.
   * Empty when it was nothing that the engine understands.
   */
  readonly text: string;
  /** 0 to 1; 0 where there is no text, 1 where the engine does not tell. */
  readonly confidence: number;
  /** The name of the engine, from one that stands in for others. */
  readonly heardBy?: string;
}

export interface Partial {
  /** What has been heard so far; empty while that is not clear. */
  readonly text: string;
}

/** What can be said. Engines that take dictation need not be told. */
export interface Sentences {
  /** JSGF rule definitions without a header. `<command>` is the start rule; it is not public. */
  readonly rules: string;
  /** Every word in them, lower case. */
  readonly words: readonly string[];
}

/**
 * `transcribe` alone makes a transcriber: it takes whole utterances, which the worker collects. An engine without
 * `listen` tells nothing before the end; one without `learn` takes dictation and needs no sentences.
 */
export interface Transcriber {
  /** @throws TranscriberError, RuntimeError */
  transcribe(recording: Recording): Hearing | Promise<Hearing>;
  /** Decodes while the person still speaks, so that `transcribe` has little left to do. */
  listen?(piece: Piece): Partial | Promise<Partial>;
  /** Replaces what was learnt before; that stays when this throws. */
  learn?(sentences: Sentences): void | Promise<void>;
}

/** The same, from an engine that never holds the event loop. */
export interface AsyncTranscriber {
  transcribeAsync(recording: Recording, tools: CallTools): Promise<Hearing>;
}

export type TranscriberErrorCode =
  /** `learn` was not called yet. */
  | 'UNTAUGHT'
  /** The sentences cannot be used. */
  | 'BAD_GRAMMAR';

export class TranscriberError extends Error {
  override readonly name = 'TranscriberError';
  readonly code: TranscriberErrorCode;

  constructor(code: TranscriberErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
