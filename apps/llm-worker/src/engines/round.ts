/** One request to a language model and its streamed reply: text, then perhaps calls of tools. */
import { setTimeout as pause } from 'node:timers/promises';
import type { RemoteGuard } from '@hearth/runtime';
import type { LanguageModel, ModelMessage, TextStreamPart, ToolSet } from 'ai';
import { garbled, ModelError, modelError, type Server } from './model-error.ts';

type Sdk = typeof import('ai');
type Part = TextStreamPart<ToolSet>;

export interface RoundOptions {
  readonly sdk: Pick<Sdk, 'streamText'>;
  readonly model: LanguageModel;
  readonly server: Server;
  readonly guard: RemoteGuard;
  /** How often the guard tries again. */
  readonly retries: number;
  /** How long the server may be silent in the middle of an answer. */
  readonly idleMs: number;
  readonly maxOutputTokens: number;
  readonly temperature: number | undefined;
}

export interface RoundRequest {
  readonly instructions: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: ToolSet;
  /** False when it is time to answer with what there is. */
  readonly mayCall: boolean;
}

export interface ToolRequest {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

export interface RoundEnd {
  /** To be answered by somebody. Calls that cannot be read, or of unknown tools, are answered in `messages`. */
  readonly calls: readonly ToolRequest[];
  /** What the model said in this round, to be sent back with the answers of the tools; empty when it is done. */
  readonly messages: readonly ModelMessage[];
  readonly tokens: { readonly in: number; readonly out: number };
}

interface Begun {
  readonly first: Part;
  readonly rest: AsyncIterator<Part>;
  /** What the model said as messages, when the stream has ended. */
  messages(): PromiseLike<readonly ModelMessage[]>;
  halt(): void;
}

/** What a server may ask to be left alone for within an answer; beyond it the answer fails at once. */
const LONGEST_RETRY_AFTER_MS = 3_000;

/**
 * Yields the pieces of text; returns how the round ended. Until the first sign of an answer the guard may try again;
 * after it nothing is repeated.
 * @throws ModelError; what `signal` aborted with
 */
export async function* streamRound(
  options: RoundOptions,
  request: RoundRequest,
  signal: AbortSignal,
): AsyncGenerator<string, RoundEnd> {
  const { server, guard, retries, idleMs } = options;
  const calls = new Map<string, ToolRequest>();
  let begun: Begun | undefined;
  let tokens = { in: 0, out: 0 };
  let wantsTools = false;
  let tries = 0;
  const attempt = async (stop: AbortSignal) => {
    try {
      return await begin(options, request, stop);
    } catch (error) {
      tries += 1;
      if (tries <= retries) await obeyRetryAfter(error, stop);
      throw error;
    }
  };
  try {
    begun = await guard.run(attempt, { signal });
    for (let part: Part | undefined = begun.first; part; part = await next(begun, idleMs, signal)) {
      if (part.type === 'text-delta' && part.text !== '') yield part.text;
      if (part.type === 'error') throw part.error;
      if (part.type === 'tool-call') {
        wantsTools = true;
        // By id: some servers send a call twice.
        if (!part.invalid) calls.set(part.toolCallId, requestOf(part));
      }
      if (part.type === 'finish-step') {
        const { inputTokens = 0, outputTokens = 0 } = part.usage;
        tokens = { in: inputTokens, out: outputTokens };
      }
    }
    const messages = wantsTools ? await begun.messages() : [];
    return { calls: [...calls.values()], messages, tokens };
  } catch (thrown) {
    signal.throwIfAborted();
    throw modelError(server, thrown, begun !== undefined);
  } finally {
    begun?.halt();
  }
}

function requestOf({ toolCallId, toolName, input }: Extract<Part, { type: 'tool-call' }>) {
  return { id: toolCallId, name: toolName, input };
}

/** Resolves with the first part that shows that the model answers. */
async function begin(
  { sdk, model, server, maxOutputTokens, temperature }: RoundOptions,
  { instructions, messages, tools, mayCall }: RoundRequest,
  stop: AbortSignal,
): Promise<Begun> {
  const halt = new AbortController();
  const abort = () => halt.abort();
  stop.addEventListener('abort', abort, { once: true });
  try {
    const result = sdk.streamText({
      model,
      instructions,
      messages: [...messages],
      maxOutputTokens,
      abortSignal: halt.signal,
      // The guard tries again, within the deadline.
      maxRetries: 0,
      // Errors come as parts of the stream. Without this the SDK would print them, with the prompt.
      onError: () => {},
      ...(temperature !== undefined && { temperature }),
      ...(Object.keys(tools).length > 0 && { tools, toolChoice: mayCall ? 'auto' : 'none' }),
    });
    const rest = result.stream[Symbol.asyncIterator]();
    const first = await firstSign(rest, server);
    const said = async () => (await result.response).messages;
    return { first, rest, messages: said, halt: abort };
  } catch (thrown) {
    abort();
    throw modelError(server, thrown, false);
  } finally {
    stop.removeEventListener('abort', abort);
  }
}

async function firstSign(parts: AsyncIterator<Part>, server: Server): Promise<Part> {
  for (;;) {
    const { done, value } = await parts.next();
    // The text stream of the SDK would just end here, empty, as if the model had nothing to say.
    if (done) throw garbled(server);
    if (value.type === 'error') throw value.error;
    if (value.type === 'finish-step')
      throw new ModelError('LLM_EMPTY', `${server.title} gave an empty answer`);
    if (SIGNS.has(value.type) && !(value.type === 'text-delta' && value.text === '')) return value;
  }
}

/** Thinking is one too: models may do so for long before they speak. */
const SIGNS = new Set<Part['type']>([
  'text-delta',
  'reasoning-delta',
  'tool-input-start',
  'tool-call',
]);

/** Waits as long as the server asks for, where that is worth it: the guard tries again after it. */
async function obeyRetryAfter(failure: unknown, stop: AbortSignal): Promise<void> {
  const { retryAfterMs = 0 } = failure instanceof ModelError ? failure : {};
  if (retryAfterMs === 0 || retryAfterMs > LONGEST_RETRY_AFTER_MS) return;
  await pause(retryAfterMs, undefined, { signal: stop }).catch(() => {});
}

/** Undefined at the end. @throws ModelError LLM_STALLED; what `signal` aborted with */
async function next(
  { rest }: Begun,
  idleMs: number,
  signal: AbortSignal,
): Promise<Part | undefined> {
  signal.throwIfAborted();
  const { promise: given, reject } = Promise.withResolvers<never>();
  const stalled = () =>
    reject(new ModelError('LLM_STALLED', `the language model was silent for ${idleMs} ms`));
  const abort = () => reject(signal.reason);
  const timer = setTimeout(stalled, idleMs);
  signal.addEventListener('abort', abort, { once: true });
  const part = rest.next();
  // When the wait is given up, what the stream does afterwards is of no interest.
  part.catch(() => {});
  try {
    const { done, value } = await Promise.race([part, given]);
    return done ? undefined : value;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
