/** What is said on the wire when recognising fails. */
import type { WireError } from '@hearth/contracts';
import { CoreError } from '@hearth/core';
import { RuntimeError } from '@hearth/runtime';

/** Our own errors say what is wrong and never what was said; of others nothing is repeated. */
export function explain(error: unknown): WireError {
  if (error instanceof RuntimeError || error instanceof CoreError) {
    return { code: error.code, message: error.message.slice(0, 500) };
  }
  return { code: 'INTERNAL', message: 'speech recognition failed' };
}
