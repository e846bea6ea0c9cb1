import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Fixture, LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { ToolUse } from './generator.ts';
import { generatorSpec } from './generator-spec.ts';
import { openaiCompatible } from './openai-compatible.ts';
import type { Provider, ProviderOptions } from './provider.ts';
import { ask, houseOf, providerAt, startMock } from './provider-fixture.ts';

const LONG =
  'It is a fine day in the kitchen. The kettle is warm, and the bread is fresh. Enjoy it.';
let mock: LLMock;
let forSpec: Provider;
beforeAll(async () => {
  mock = await startMock();
  forSpec = await engine();
  await forSpec.load();
});
afterAll(() => mock.stop());
beforeEach(() => {
  mock.reset();
  mock.clearRequests();
  mock.onMessage('tell me about the day', { content: LONG });
  mock.on({}, { content: 'Say that again, please.' });
});

function engine(options: Partial<ProviderOptions> = {}): Promise<Provider> {
  return providerAt(openaiCompatible, `${mock.url}/v1`, options);
}

/** Goes before the fixtures that fit everything. */
function reply(
  match: Fixture['match'],
  response: Fixture['response'],
  options: Partial<Fixture> = {},
): void {
  mock.prependFixture({ ...options, match, response });
}

const requestSchema = z.object({
  model: z.string(),
  stream: z.boolean(),
  messages: z.array(
    z.object({
      role: z.string(),
      content: z.string().nullish(),
      tool_call_id: z.string().optional(),
    }),
  ),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).default([]),
  tool_choice: z.string().optional(),
});

/** What the model was given with its last request. */
function lastRequest() {
  return requestSchema.parse(mock.getLastRequest()?.body);
}

generatorSpec('openai-compatible', () => forSpec, {
  long: 'tell me about the day',
  recalling: 'where are my keys',
});

describe('an answer of an OpenAI-compatible server', () => {
  it('is streamed, and its tokens are counted', async () => {
    const usage = vi.fn();
    const { text, pieces, notes } = await ask(
      await engine({ onUsage: usage }),
      'tell me about the day',
    );
    expect(text).toBe(LONG);
    expect(pieces.length).toBeGreaterThan(2);
    expect(usage).toHaveBeenCalledExactlyOnceWith({
      in: expect.any(Number),
      out: expect.any(Number),
    });
    expect(notes).toEqual([expect.stringMatching(/^tokens [1-9]\d*\+[1-9]\d*$/)]);
  });

  it('leaves out what the model thinks aloud', async () => {
    reply(
      { userMessage: 'hello' },
      { content: '<think>They greet me.</think>Hello!' },
      { chunkSize: 5 },
    );
    expect((await ask(await engine(), 'hello')).text.trim()).toBe('Hello!');
  });

  it('is asked for with persona, time, memory and what was said before', async () => {
    const passages = [
      { role: 'fact', text: 'my keys are in the blue drawer', ts: Date.UTC(2026, 10, 20) },
    ] as const;
    const history = [
      { role: 'user', text: 'hello' },
      { role: 'assistant', text: 'Hello there.' },
    ] as const;
    const persona = { name: 'Tars', style: 'Dry.', traits: { humor: 75 } };
    await ask(await engine({ persona }), 'where did I put my keys', {
      tools: houseOf({ passages }),
      question: { history, siteId: 'kitchen' },
    });
    const { messages, stream, model } = lastRequest();
    expect({ stream, model }).toEqual({ stream: true, model: 'test-model' });
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(messages[0]?.content).toMatch(/^You are Tars/);
    for (const part of [
      'Dry.',
      'humor 75 %',
      'November 21, 2026',
      '"kitchen"',
      '2026-11-20',
      'blue drawer',
    ])
      expect(messages[0]?.content).toContain(part);
    expect(messages.at(-1)?.content).toBe('where did I put my keys');
  });

  it('is asked for without the memory when that fails, and the model is told so', async () => {
    const recall = () => Promise.reject(new Error('away'));
    await ask(await engine(), 'where are my keys', { tools: { ...houseOf(), recall } });
    expect(lastRequest().messages[0]?.content).toContain('memory does not answer');
  });

  it('keeps the prompt within its budget', async () => {
    const history = Array.from({ length: 40 }, (_, i) => ({
      role: i % 2 ? ('assistant' as const) : ('user' as const),
      text: `number ${i} ${'word '.repeat(100)}`,
    }));
    const passages = Array.from({ length: 20 }, (_, i) => ({
      role: 'user' as const,
      text: `note ${i} ${'cup '.repeat(150)}`,
      ts: 0,
    }));
    const small = await engine({ contextTokens: 2_048, maxOutputTokens: 256 });
    await ask(small, 'so what', { tools: houseOf({ passages }), question: { history } });
    const [system, ...messages] = lastRequest().messages;
    const words = (text: unknown) => String(text).split(' ').length;
    expect(words(system?.content)).toBeLessThan(1_150);
    expect(messages.reduce((sum, { content }) => sum + words(content), 0)).toBeGreaterThan(400);
    expect(words(system?.content) + words(messages.map(({ content }) => content))).toBeLessThan(
      1_800,
    );
    expect(messages.at(-2)?.content).toContain('number 39');
  });
});

const LAMP = {
  name: 'lamp_set',
  description: 'Sets the lamp',
  schema: { type: 'object', properties: { on: { type: 'boolean' } } },
};
const WEATHER = { name: 'weather', description: 'Tells the weather', schema: { type: 'object' } };

describe('tools', () => {
  it('are offered, called at once, and their results answered, over several rounds', async () => {
    reply(
      { userMessage: 'lamp and weather', hasToolResult: false },
      {
        content: 'Let me see.',
        toolCalls: [
          { name: 'lamp_set', arguments: '{"on":true}', id: 'call-1' },
          { name: 'weather', arguments: '{}', id: 'call-2' },
        ],
      },
    );
    reply(
      { toolCallId: 'call-2' },
      { toolCalls: [{ name: 'weather', arguments: '{"day":"tomorrow"}', id: 'call-3' }] },
    );
    reply({ toolCallId: 'call-3' }, { content: 'The lamp is on, and it rains.' });
    const calls: ToolUse[] = [];
    const bothAsked = Promise.withResolvers<void>();
    const use = async (call: ToolUse) => {
      calls.push(call);
      if (calls.length === 2) bothAsked.resolve();
      await bothAsked.promise;
      return { content: `${call.name} done`, isError: false };
    };
    const tools = houseOf({ offers: [LAMP, WEATHER], use });
    const { text } = await ask(await engine(), 'lamp and weather', { tools });
    expect(text).toBe('Let me see. The lamp is on, and it rains.');
    expect(calls).toEqual([
      { name: 'lamp_set', arguments: { on: true } },
      { name: 'weather', arguments: {} },
      { name: 'weather', arguments: { day: 'tomorrow' } },
    ]);
    const { messages, tools: offered } = lastRequest();
    expect(offered.map((tool) => tool.function.name)).toEqual(['lamp_set', 'weather']);
    expect(messages.map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'tool',
      'tool',
      'assistant',
      'tool',
    ]);
    expect(messages.filter(({ role }) => role === 'tool').map(({ content }) => content)).toEqual([
      'lamp_set done',
      'weather done',
      'weather done',
    ]);
  });

  it('that fail, or cannot be called, are told to the model beside those that worked', async () => {
    reply(
      { userMessage: 'all of it', hasToolResult: false },
      {
        toolCalls: [
          { name: 'lamp_set', arguments: '{"on":', id: 'broken' },
          { name: 'teleport', arguments: '{}', id: 'unknown' },
          { name: 'weather', arguments: '{}', id: 'late' },
          { name: 'lamp_set', arguments: '{"on":false}', id: 'works' },
        ],
      },
    );
    reply({ hasToolResult: true }, { content: 'Not all of it worked.' });
    const use = async ({ name }: ToolUse) => {
      if (name === 'weather') throw new Error('no answer within 30 seconds');
      return { content: 'the lamp is off', isError: false };
    };
    const tools = houseOf({ offers: [LAMP, WEATHER], use });
    const { text } = await ask(await engine(), 'all of it', { tools });
    expect(text).toBe('Not all of it worked.');
    const told = lastRequest().messages.filter(({ role }) => role === 'tool');
    expect(Object.fromEntries(told.map((tool) => [tool.tool_call_id, tool.content]))).toEqual({
      broken: expect.stringContaining('Invalid input'),
      unknown: expect.stringContaining('unavailable tool'),
      late: 'The tool gave no result: no answer within 30 seconds.',
      works: 'the lamp is off',
    });
  });

  it('are called no more after the last round, and the model must answer', async () => {
    reply({ hasToolResult: true }, { toolCalls: [{ name: 'weather', arguments: '{}' }] });
    reply({ hasToolResult: false }, { toolCalls: [{ name: 'weather', arguments: '{}' }] });
    const use = vi.fn(async () => ({ content: 'rain', isError: false }));
    const tools = houseOf({ offers: [WEATHER], use });
    const asked = ask(await engine({ toolRounds: 2 }), 'weather for ever', { tools });
    await expect(asked).rejects.toMatchObject({ code: 'LLM_EMPTY' });
    expect(use).toHaveBeenCalledTimes(2);
    expect(lastRequest().tool_choice).toBe('none');
  });

  it('end with the turn', async () => {
    reply({ userMessage: 'weather' }, { toolCalls: [{ name: 'weather', arguments: '{}' }] });
    const stop = new AbortController();
    const use = () => {
      stop.abort();
      return Promise.reject(new Error('cancelled'));
    };
    const tools = houseOf({ offers: [WEATHER], use });
    const asked = ask(await engine(), 'weather', { tools, signal: stop.signal });
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect(mock.getRequests()).toHaveLength(1);
  });

  it('that take more than a third of what the model takes in are left out', async () => {
    const long = { ...WEATHER, name: 'long', description: 'word '.repeat(4_000) };
    const { notes } = await ask(await engine(), 'hello', {
      tools: houseOf({ offers: [LAMP, long] }),
    });
    expect(lastRequest().tools).toHaveLength(1);
    expect(notes).toContain('tools-left-out 1');
  });
});

const SECRET = 'secret question';

async function failure(options: Partial<ProviderOptions> = {}, text = SECRET) {
  const error = await ask(await engine(options), text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(String(error)).not.toContain('secret');
  return error;
}

describe('a server that fails', () => {
  it.each([
    [401, 'LLM_UNAUTHORIZED', /LLM_API_KEY/, 1],
    [404, 'LLM_NO_MODEL', /"test-model".*LLM_MODEL/, 1],
    [400, 'LLM_REFUSED', /status 400/, 1],
    [429, 'LLM_BUSY', /busy/, 2],
    [500, 'LLM_FAILED', /status 500/, 2],
    [503, 'LLM_FAILED', /status 503/, 2],
  ])(
    'with status %d is %s, in plain words, and is asked again where that may help',
    async (status, code, message, times) => {
      reply({}, { error: { message: SECRET }, status, retryAfter: 0 });
      expect(await failure()).toMatchObject({ code, message: expect.stringMatching(message) });
      expect(mock.getRequests()).toHaveLength(times);
    },
  );

  it('once is asked again, after the time that it asks for', async () => {
    mock.nextRequestError(429, { message: 'slow down' });
    const begun = performance.now();
    expect((await ask(await engine(), 'tell me about the day')).text).toBe(LONG);
    // The header of the server says 1 s.
    expect(performance.now() - begun).toBeGreaterThan(900);
  });

  it('that is not there is an error, never an empty answer', async () => {
    const gone = await startMock();
    const { url } = gone;
    await gone.stop();
    const error = await failure({ baseUrl: `${url}/v1`, retries: 0 });
    expect(error).toMatchObject({
      code: 'LLM_UNREACHABLE',
      message: `the language model at ${new URL(url).host} cannot be reached (ECONNREFUSED): is it running?`,
    });
  });

  it('several times in a row is left alone for a while', async () => {
    reply({}, { error: { message: 'no' }, status: 500 });
    const failing = await engine({ retries: 0 });
    for (let i = 0; i < 5; i += 1) await expect(ask(failing, 'hello')).rejects.toThrow();
    expect(mock.getRequests()).toHaveLength(3);
    await expect(ask(failing, 'hello')).rejects.toMatchObject({
      code: 'LLM_UNREACHABLE',
      message: expect.stringContaining('several times'),
    });
  });

  it('in the middle of an answer is not asked again: part of it was said', async () => {
    reply({}, { content: LONG }, { chunkSize: 8, latency: 30, disconnectAfterMs: 150 });
    const said: string[] = [];
    const asked = ask(await engine(), 'hello', { onPiece: ({ text }) => said.push(text) });
    await expect(asked).rejects.toMatchObject({
      code: 'LLM_DISCONNECTED',
      message: expect.stringContaining('broke off'),
    });
    expect(LONG.startsWith(said.join(''))).toBe(true);
    expect(said.join('').length).toBeGreaterThan(7);
    expect(mock.getRequests()).toHaveLength(1);
  });

  it('with garbage is an error', async () => {
    reply({}, { content: LONG }, { chaos: { malformedRate: 1 } });
    expect(await failure({ retries: 0 })).toMatchObject({ code: 'LLM_GARBLED' });
  });

  it('with an empty answer is an error', async () => {
    reply({}, { content: '' });
    expect(await failure({ retries: 0 })).toMatchObject({ code: 'LLM_EMPTY' });
  });

  it('by falling silent within an answer is given up', async () => {
    reply({}, { content: LONG }, { chunkSize: 8, latency: 500 });
    expect(await failure({ idleMs: 200 })).toMatchObject({ code: 'LLM_STALLED' });
  });
});

const chunk = (content: string) => `data: {"choices":[{"delta":{"content":"${content}"}}]}\n\n`;

describe('a server of which nothing is known', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  beforeAll(async () => {
    // aimock is always polite: what no server of this kind sends comes from here.
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  function at(options: Partial<ProviderOptions> = {}) {
    const address = server.address();
    if (typeof address !== 'object') throw new Error('the server does not listen');
    const baseUrl = `http://user:secret@127.0.0.1:${address?.port}/v1`;
    return engine({ baseUrl, retries: 0, ...options });
  }

  it('is told when its turn is over', async () => {
    const closed = Promise.withResolvers<boolean>();
    answer = (_, response) => {
      response.on('close', () => closed.resolve(response.writableFinished));
      response.write(chunk('one'));
    };
    const stop = new AbortController();
    const asked = ask(await at(), 'count', { signal: stop.signal, onPiece: () => stop.abort() });
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect(await closed.promise).toBe(false);
  });

  it('gets user and password of its address as they are wanted, in a header', async () => {
    let header: string | undefined;
    answer = ({ headers }, response) => {
      header = headers.authorization;
      response.writeHead(500).end();
    };
    await expect(ask(await at({ apiKey: undefined }), 'hello')).rejects.toThrow();
    expect(header).toBe(`Basic ${btoa('user:secret')}`);
  });

  it('is given up when it takes the request and never answers', async () => {
    answer = () => {};
    await expect(ask(await at({ beginMs: 200 }), 'hello')).rejects.toMatchObject({
      code: 'LLM_STALLED',
      message: expect.stringMatching(/^the language model at 127\.0\.0\.1:\d+ did not begin/),
    });
  });

  it.each([
    '',
    'hello',
    '<html>login</html>',
    'data: [DONE]\n\n',
    'data: {"a":1}\n\n',
    'data: {"choices":[]}\n\n',
  ])('that sends %j is an error, and the process lives', async (body) => {
    answer = (_, response) => void response.end(body);
    await expect(ask(await at(), 'hello')).rejects.toMatchObject({
      code: expect.stringMatching(/^LLM_(GARBLED|EMPTY)$/),
    });
  });

  it('that reports an error within its stream is an error that does not repeat it', async () => {
    answer = (_, response) => void response.end('data: {"error":{"message":"secret words"}}\n\n');
    const error = await ask(await at(), 'hello').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: expect.stringMatching(/^LLM_/) });
    expect(String(error)).not.toContain('secret');
  });
});

describe('settings', () => {
  it('that are missing are named', async () => {
    const bare = await engine({ baseUrl: undefined, model: undefined });
    await expect(ask(bare, 'hello')).rejects.toMatchObject({
      code: 'LLM_UNAVAILABLE',
      message: 'openai-compatible: LLM_BASE_URL and LLM_MODEL are not set',
    });
  });
});
