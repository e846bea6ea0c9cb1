/** Errors on their way out of the engine's thread and onto the wire. */
import type { WireError } from '@hearth/contracts';
import { RuntimeError } from '@hearth/runtime';
import { TTS_ERROR_CODES, TtsError } from './errors.ts';

/** A voice that cannot be opened: the message says which file, and what to do. */
const MODEL_CODES = ['MODEL_MISSING', 'MODEL_BROKEN'] as const;

/** An error of the engine comes out of its thread as the cause of ENGINE_FAILED: a plain Error with the code. */
export function asTtsError(error: unknown): unknown {
  if (!(error instanceof RuntimeError) || !(error.cause instanceof Error)) return error;
  const { cause } = error;
  // Of an engine in this thread: a guard's words, which quote nobody.
  if (cause instanceof RuntimeError && error.code === 'ENGINE_FAILED') return cause;
  const told = 'code' in cause ? cause.code : undefined;
  const code = TTS_ERROR_CODES.find((known) => told === known);
  if (code) return new TtsError(code, cause.message, { cause: error });
  const model = MODEL_CODES.find((known) => told === known);
  return model ? new RuntimeError(model, cause.message, { cause: error }) : error;
}

/** The messages of other errors may hold anything: what is not ours is not sent. */
export function toWireError(thrown: unknown): WireError {
  const error = asTtsError(thrown);
  if (error instanceof TtsError || error instanceof RuntimeError) {
    return { code: error.code, message: error.message.slice(0, 500) };
  }
  return { code: 'INTERNAL', message: 'speech synthesis failed' };
}
