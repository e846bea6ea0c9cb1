/** The one error class of core: a stable code for programs, a plain sentence for people. */

export type CoreErrorCode =
  /** Not a RIFF/WAVE file at all. */
  | 'NOT_A_WAV'
  /** A WAV file that ends too early or contradicts itself. */
  | 'BROKEN_WAV'
  /** A sound WAV file in a form that is not read here. */
  | 'UNSUPPORTED_WAV'
  /** Bytes that cannot be 16-bit samples. */
  | 'BROKEN_PCM'
  /** A sentence pattern that cannot be compiled. */
  | 'BAD_PATTERN'
  /** A frame of the Wyoming protocol that cannot be read. */
  | 'BAD_FRAME'
  /** A frame, or a part of one, above its limit. */
  | 'FRAME_TOO_LARGE';

export class CoreError extends Error {
  override readonly name = 'CoreError';
  readonly code: CoreErrorCode;

  constructor(code: CoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
