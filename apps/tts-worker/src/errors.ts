/** What can go wrong in this worker. No message repeats what was to be said. */

export const TTS_ERROR_CODES = [
  /** The engine has no such voice; the message lists those it has. */
  'UNKNOWN_VOICE',
  /** There are letters, but none that the voice can pronounce. */
  'UNSUPPORTED_TEXT',
  /** More than one synthesis may hold. */
  'TEXT_TOO_LONG',
  /** The library gave no audio. */
  'SYNTHESIS_FAILED',
  /** More is waiting to be said than the queue holds. */
  'QUEUE_FULL',
  /** The rest of an answer, or the audio of a piece, did not come in time. */
  'TIMEOUT',
] as const;

export type TtsErrorCode = (typeof TTS_ERROR_CODES)[number];

export class TtsError extends Error {
  override readonly name = 'TtsError';
  readonly code: TtsErrorCode;

  constructor(code: TtsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
