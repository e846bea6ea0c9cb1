import { llmDelta, llmRequest, llmResponse } from '@hearth/contracts';
import { createBus, createLog, createMemoryTransport, type Trace } from '@hearth/runtime';
import { collect } from '@hearth/runtime/testing';
import { describe, expect, it } from 'vitest';
import { answerRequest } from './answer.ts';
import { createConfirmations } from './confirmations.ts';
import type { Generator, Piece } from './engines/generator.ts';
import { ModelError } from './engines/model-error.ts';
import { toolsOf } from './tools.ts';

const log = await createLog({ name: 'test', level: 'silent', format: 'json' });
const trace: Trace = { record: () => undefined, span: (_name, _options, work) => work() };
const NEVER = new AbortController().signal;

/** Lets a fake engine answer one request; @returns what was published */
async function answerBy(
  generateAsync: Generator['generateAsync'],
  { cancelled = NEVER, limit = NEVER } = {},
) {
  const bus = createBus({ transport: createMemoryTransport(), source: 'llm-worker', log });
  const [requests, deltas, responses] = await Promise.all([
    collect(bus, llmRequest),
    collect(bus, llmDelta),
    collect(bus, llmResponse),
  ]);
  await bus.publish(llmRequest, { text: 'secret question', history: [] }, { turnId: 'turn' });
  const engine = { name: 'fake', generateAsync };
  const registry = () => ({ tools: [] });
  const createTools = toolsOf({ bus, trace, confirmations: createConfirmations(), registry });
  await answerRequest({ bus, log, trace, engine, createTools }, await requests.until(), {
    cancelled,
    limit,
  });
  const { data: response } = await responses.until();
  await bus.close();
  return {
    response,
    deltas: deltas.messages.map(({ data }) => data.text),
    responses: responses.messages,
  };
}

async function* pieces(...texts: string[]): AsyncGenerator<Piece> {
  for (const text of texts) yield { text };
}

async function* stuck(first: string): AsyncGenerator<Piece> {
  yield { text: first };
  await new Promise(() => undefined);
}

describe('an answer', () => {
  it('skips empty pieces', async () => {
    const { response, deltas } = await answerBy(() => pieces('', 'Hello ', '', 'there.'));
    expect(deltas).toEqual(['Hello ', 'there.']);
    expect(response).toEqual({ text: 'Hello there.', engine: 'fake' });
  });

  it('is an error when the engine says nothing', async () => {
    expect((await answerBy(() => pieces())).response).toMatchObject({
      error: { code: 'LLM_EMPTY' },
    });
  });

  it('is an error that repeats nothing of the question when the engine fails', async () => {
    const { response, responses } = await answerBy((question) => {
      throw new TypeError(`cannot handle ${question.text}`);
    });
    expect(responses).toHaveLength(1);
    expect(response).toEqual({
      error: { code: 'LLM_FAILED', message: 'the engine failed (TypeError)' },
    });
  });

  it('is an error in plain words when the model says what is wrong', async () => {
    const { response } = await answerBy(() => {
      throw new ModelError('LLM_BUSY', 'the language model is busy');
    });
    expect(response).toEqual({
      error: { code: 'LLM_BUSY', message: 'the language model is busy' },
    });
  });

  it('names the engine that stood in', async () => {
    const { response } = await answerBy(async function* () {
      yield { text: 'Hello.', engine: 'builtin' };
    });
    expect(response).toEqual({ text: 'Hello.', engine: 'builtin' });
  });

  it('is cut at what the contract allows', async () => {
    const { response, deltas } = await answerBy(() =>
      pieces('a'.repeat(20_000), 'b'.repeat(20_000)),
    );
    expect(deltas.every((text) => text.length <= 8_000)).toBe(true);
    expect(deltas.join('')).toHaveLength(32_000);
    expect('text' in response && response.text).toBe(deltas.join(''));
  });

  it('ends at its limit though the engine is stuck', async () => {
    const limit = AbortSignal.timeout(50);
    const { response, deltas } = await answerBy(() => stuck('Well, '), { limit });
    expect(deltas).toEqual(['Well, ']);
    expect(response).toMatchObject({ error: { code: 'LLM_TIMEOUT' } });
  });

  it('does not begin when it was cancelled', async () => {
    let begun = false;
    const engine = () => {
      begun = true;
      return pieces('Hello');
    };
    const { response } = await answerBy(engine, { cancelled: AbortSignal.abort() });
    expect(response).toMatchObject({ error: { code: 'CANCELLED' } });
    expect(begun).toBe(false);
  });
});
