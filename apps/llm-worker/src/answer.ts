/** One request: the engine's pieces become deltas, their end the response. Exactly one response, whatever happens. */
import {
  llmDelta,
  type llmRequest,
  llmResponse,
  type Topic,
  type WireError,
} from '@hearth/contracts';
import { type Bus, type Log, type Message, preciseNow, type Trace } from '@hearth/runtime';
import type { Generator, Piece } from './engines/generator.ts';
import { ModelError } from './engines/model-error.ts';
import type { CreateTools } from './tools.ts';

/** What the contracts allow. */
const MAX_DELTA = 8_000;
const MAX_ANSWER = 32_000;
const MAX_NOTE = 128;
const MAX_MESSAGE = 500;

export interface AnswerOptions {
  readonly bus: Bus;
  readonly log: Log;
  readonly trace: Trace;
  readonly engine: Generator;
  readonly createTools: CreateTools;
}

type Request = typeof llmRequest extends Topic<infer Data> ? Message<Data> : never;
type Response = typeof llmResponse extends Topic<infer Data> ? Data : never;

/**
 * @param cancelled aborts when the turn is cancelled
 * @param limit aborts at the deadline
 */
export async function answerRequest(
  { bus, log, trace, engine, createTools }: AnswerOptions,
  request: Request,
  { cancelled, limit }: { cancelled: AbortSignal; limit: AbortSignal },
): Promise<void> {
  const { context } = request;
  const correlationId = request.envelope?.correlationId ?? request.envelope?.id;
  const startMs = preciseNow();
  const notes = new Set<string>();
  const signal = AbortSignal.any([cancelled, limit]);
  const tools = createTools({
    context,
    signal,
    text: request.data.text,
    onMissing: () => notes.add('without-memory'),
  });
  const { siteId, turnId = '' } = context;
  const question = { ...request.data, now: Date.now(), turnId, siteId };

  async function stream(): Promise<Response> {
    signal.throwIfAborted();
    let text = '';
    let seq = 0;
    let intent: string | undefined;
    let answering = engine.name;
    const note = (word: string) => notes.add(word);
    const pieces = engine.generateAsync(question, { tools, signal, note });
    for await (const piece of untilAborted(pieces, signal)) {
      intent = piece.intent ?? intent;
      answering = piece.engine ?? answering;
      for (const part of partsOf(piece.text.slice(0, MAX_ANSWER - text.length))) {
        text += part;
        await bus.publish(llmDelta, { seq, text: part }, { ...context, correlationId, signal });
        seq += 1;
      }
    }
    if (text === '') return { error: { code: 'LLM_EMPTY', message: 'the engine gave no answer' } };
    return { text, engine: answering, ...(intent !== undefined && { intent }) };
  }

  const response = await stream().catch((error: unknown) => ({
    error: wireErrorOf(error, { cancelled, limit }),
  }));
  const ok = !('error' in response);
  const durationMs = preciseNow() - startMs;
  const note = [...notes].join(' ').slice(0, MAX_NOTE) || undefined;
  trace.record({ name: 'llm.answer', context, startMs, durationMs, ok, engine: true, note });
  const code = ok ? undefined : response.error.code;
  log.info({ turnId: context.turnId, durationMs: Math.round(durationMs), code, note }, 'answered');
  await bus.publish(llmResponse, response, { ...context, correlationId });
}

/** Ends with an error as soon as `signal` aborts, even if the source does not listen to it. */
async function* untilAborted(source: AsyncIterable<Piece>, signal: AbortSignal) {
  const pieces = source[Symbol.asyncIterator]();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      const next = await Promise.race([pieces.next(), aborted]);
      signal.throwIfAborted();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited: a source that is stuck would never come back.
    pieces.return?.().catch(() => undefined);
  }
}

function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += MAX_DELTA) parts.push(text.slice(at, at + MAX_DELTA));
  return parts;
}

/** A foreign message may hold what was said, so only our own words go out. */
function wireErrorOf(
  error: unknown,
  { cancelled, limit }: { cancelled: AbortSignal; limit: AbortSignal },
): WireError {
  if (cancelled.aborted) return { code: 'CANCELLED', message: 'the answer was cancelled' };
  if (limit.aborted) return { code: 'LLM_TIMEOUT', message: 'the answer took too long' };
  if (error instanceof ModelError)
    return { code: error.code, message: error.message.slice(0, MAX_MESSAGE) };
  const name = error instanceof Error ? error.name : typeof error;
  return { code: 'LLM_FAILED', message: `the engine failed (${name})` };
}
