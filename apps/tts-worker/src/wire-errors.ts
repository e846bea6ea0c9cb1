/** Errors on their way out of the engine's thread and onto the wire. */
import type { WireError } from '@hearth/contracts';
import { RuntimeError } from '@hearth/runtime';
import { TTS_ERROR_CODES, TtsError } from './errors.ts';

/** An error of the engine comes out of its thread as the cause of ENGINE_FAILED: a plain Error with the code. */
export function asTtsError(error: unknown): unknown {
  if (!(error instanceof RuntimeError) || !(error.cause instanceof Error)) return error;
  const { cause } = error;
  const code = TTS_ERROR_CODES.find((known) => 'code' in cause && cause.code === known);
  return code ? new TtsError(code, cause.message, { cause: error }) : error;
}

/** The messages of other errors may hold anything: what is not ours is not sent. */
export function toWireError(thrown: unknown): WireError {
  const error = asTtsError(thrown);
  if (error instanceof TtsError || error instanceof RuntimeError) {
    return { code: error.code, message: error.message.slice(0, 500) };
  }
  return { code: 'INTERNAL', message: 'speech synthesis failed' };
}
