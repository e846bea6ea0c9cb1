/** What the worker asks of a speech recogniser. */

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
  /** Lower-case words; empty when it was nothing that the engine understands. */
  readonly text: string;
  /** 0 to 1; 0 where there is no text. */
  readonly confidence: number;
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

export interface Transcriber {
  /** @throws TranscriberError */
  transcribe(recording: Recording): Hearing | Promise<Hearing>;
  /** Decodes while the person still speaks, so that `transcribe` has little left to do. */
  listen?(piece: Piece): Partial | Promise<Partial>;
  /** Replaces what was learnt before; that stays when this throws. */
  learn?(sentences: Sentences): void | Promise<void>;
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
