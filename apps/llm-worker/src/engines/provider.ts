/** Answers through a language model on a server: prompt, rounds of tools, streamed text. */
import { assemblePrompt } from '@hearth/core';
import { createRemoteGuard } from '@hearth/runtime';
import type { ModelMessage } from 'ai';
import { instructionsFor, type Persona } from '../persona.ts';
import type { GenerateOptions, Generator, Piece, Question } from './generator.ts';
import { ModelError } from './model-error.ts';
import { type ModelSettings, type ModelSource, serverOf } from './model-source.ts';
import { notesFrom, recallFor } from './notes.ts';
import { type RoundEnd, type RoundOptions, streamRound } from './round.ts';
import { type CountTokens, loadTokenizer } from './tokens.ts';
import { toolSet, useTools } from './use-tools.ts';

export interface ProviderOptions extends ModelSettings {
  readonly persona: Persona;
  readonly timeZone: string;
  /** What the model takes in and gives out together. */
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  readonly temperature: number | undefined;
  /** How long the server may take for the first sign of an answer, with all tries. */
  readonly beginMs: number;
  readonly idleMs: number;
  readonly retries: number;
  readonly toolRounds: number;
  /** Told after each round. */
  readonly onUsage?: (tokens: RoundEnd['tokens']) => void;
}

export interface Provider extends Generator {
  /** Imports what it needs, so that the first question does not wait for it. @throws as an answer would */
  load(): Promise<void>;
}

interface Loaded {
  readonly sdk: typeof import('ai');
  readonly count: CountTokens;
  readonly round: Omit<RoundOptions, 'sdk'>;
}

/** Characters to a token, for cutting what a tool says without counting it. */
const CHARACTERS_PER_TOKEN = 3;

export function createProvider(source: ModelSource, options: ProviderOptions): Provider {
  const { beginMs, retries, contextTokens, maxOutputTokens, timeZone, persona, toolRounds } =
    options;
  const server = serverOf(source.name, options);
  const guard = createRemoteGuard({ name: source.name, timeoutMs: beginMs, retries });
  let loading: Promise<Loaded> | undefined;

  async function load(): Promise<Loaded> {
    const missing = source.missing(options);
    if (missing) throw new ModelError('LLM_UNAVAILABLE', `${source.name}: ${missing}`);
    const [sdk, count, model] = await Promise.all([
      import('ai'),
      loadTokenizer(),
      source.open(options),
    ]);
    return { sdk, count, round: { ...options, model, server, guard } };
  }

  /** What could not be loaded is tried again with the next question: it may have been installed. */
  function loaded(): Promise<Loaded> {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw unavailable(error);
    });
    return loading;
  }

  async function prepare(question: Question, { tools, note }: GenerateOptions) {
    // The memory is asked while the rest is loaded.
    const [{ sdk, count, round }, passages] = await Promise.all([
      loaded(),
      recallFor(question, { tools }),
    ]);
    const offers = withinBudget(tools.offers(), Math.floor(contextTokens / 3), count);
    if (offers.left > 0) note?.(`tools-left-out ${offers.left}`);
    const prompt = assemblePrompt(
      {
        instructions: instructionsFor(persona, { ...question, timeZone }),
        notes: notesFrom(passages, question, timeZone),
        history: question.history,
        question: question.text.trim() || '(silence)',
      },
      { tokens: contextTokens - maxOutputTokens - offers.tokens, count },
    );
    const messages: ModelMessage[] = prompt.messages.map(({ role, text }) => ({
      role,
      content: text,
    }));
    const { instructions } = prompt;
    const request = { instructions, messages, tools: toolSet(offers.fitting, sdk) };
    return { request, round: { ...round, sdk } };
  }

  return {
    name: source.name,
    async load() {
      await loaded();
    },
    async *generateAsync(question, context): AsyncGenerator<Piece> {
      const { signal, tools, note } = context;
      signal.throwIfAborted();
      const { request, round } = await prepare(question, context);
      const messages = [...request.messages];
      const tokens = { in: 0, out: 0 };
      let said = '';
      for (let rounds = 0; rounds <= toolRounds; rounds += 1) {
        const mayCall = rounds < toolRounds;
        const stream = streamRound(round, { ...request, messages, mayCall }, signal);
        const end = yield* piecesOf(stream, said);
        said += end.said;
        tokens.in += end.tokens.in;
        tokens.out += end.tokens.out;
        options.onUsage?.(end.tokens);
        if (end.messages.length === 0 || !mayCall) break;
        messages.push(...end.messages);
        const maxLength = Math.floor((contextTokens * CHARACTERS_PER_TOKEN) / 4);
        if (end.calls.length > 0)
          messages.push(await useTools(end.calls, tools, { maxLength, signal }));
      }
      note?.(`tokens ${tokens.in}+${tokens.out}`);
      if (said === '')
        throw new ModelError('LLM_EMPTY', `${server.title} gave no answer after its tools`);
    },
  };
}

/** What is said before a tool is used and what is said after it are two sentences. */
async function* piecesOf(
  stream: AsyncGenerator<string, RoundEnd>,
  before: string,
): AsyncGenerator<Piece, RoundEnd & { said: string }> {
  let said = '';
  try {
    for (;;) {
      const { done, value } = await stream.next();
      if (done) return { ...value, said };
      const gap =
        said === '' && before !== '' && !/\s$/.test(before) && !/^\s/.test(value) ? ' ' : '';
      said += gap + value;
      yield { text: gap + value };
    }
  } finally {
    // When nobody listens any more, the request ends.
    await stream.return({ calls: [], messages: [], tokens: { in: 0, out: 0 } });
  }
}

function withinBudget<Offer>(
  offers: readonly Offer[],
  budget: number,
  count: CountTokens,
): { fitting: readonly Offer[]; tokens: number; left: number } {
  const fitting: Offer[] = [];
  let tokens = 0;
  for (const offer of offers) {
    const cost = count(JSON.stringify(offer));
    if (tokens + cost > budget) break;
    fitting.push(offer);
    tokens += cost;
  }
  return { fitting, tokens, left: offers.length - fitting.length };
}

function unavailable(thrown: unknown): ModelError {
  if (thrown instanceof ModelError) return thrown;
  const message = thrown instanceof Error ? thrown.message : 'cannot be loaded';
  return new ModelError('LLM_UNAVAILABLE', message, { cause: thrown });
}
