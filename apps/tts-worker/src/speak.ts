/** One text as audio: at once from an engine that streams, whole from one that does not. */
import type { TtsEngine } from './engine.ts';
import type { Speech, SynthesisRequest } from './engines/synthesizer.ts';

/**
 * A stream that breaks off is not the end: the text is asked for once more as a whole, and an engine with a fallback gives
 * it in any case. The listener hears the beginning twice, which is better than not hearing the end.
 * @throws what the engine does, and the reason of `signal`
 */
export async function* speak(
  engine: TtsEngine,
  request: SynthesisRequest,
  signal: AbortSignal,
): AsyncGenerator<Speech> {
  if (engine.has('stream') && (yield* streamed(engine, request, signal))) return;
  yield await engine.call('synthesize', request, { signal });
}

/** False when it broke off. */
async function* streamed(
  engine: TtsEngine,
  request: SynthesisRequest,
  signal: AbortSignal,
): AsyncGenerator<Speech, boolean> {
  const stream = await engine.call('stream', request, { signal });
  const cancel = () => stream.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    for await (const speech of stream) yield speech;
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}
