/** What the worker asks of a speech synthesis engine. */

export interface SynthesisRequest {
  /** Already free of markup; at most `MAX_TEXT_CHARS`. May be empty. */
  readonly text: string;
  /** The engine's default when absent. */
  readonly voice?: string | undefined;
  /** 1 is the voice's own speed, 2 twice as fast; 0.5 to 2. */
  readonly speed?: number | undefined;
}

export interface Speech {
  readonly rateHz: number;
  /** One channel. Empty when there was nothing to say. */
  readonly samples: Int16Array<ArrayBuffer>;
}

export interface Voice {
  readonly name: string;
  readonly language: string;
  readonly rateHz: number;
}

/** The audio of one text as it comes. Whoever does not read it to its end cancels it. */
export interface SpeechStream extends AsyncIterable<Speech> {
  cancel(): void;
}

export interface Synthesizer {
  /**
   * Holds its thread until all audio is there.
   * @throws TtsError `UNKNOWN_VOICE`, `UNSUPPORTED_TEXT`, `TEXT_TOO_LONG`, `SYNTHESIS_FAILED`
   */
  synthesize(request: SynthesisRequest): Speech | Promise<Speech>;
  /**
   * Resolves with the first audio; what fails later, the stream throws. Only for engines that need no thread and get
   * their audio piece by piece.
   */
  stream?(request: SynthesisRequest): SpeechStream | Promise<SpeechStream>;
  /** Default voice first. */
  voices(input: undefined): readonly Voice[] | Promise<readonly Voice[]>;
}

/** Two minutes of speech, 4 MB of samples; flite takes 2 s for it. */
export const MAX_TEXT_CHARS = 2_000;
