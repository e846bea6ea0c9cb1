import {
  callTool,
  createId,
  type Health,
  llmCancel,
  llmDelta,
  llmRequest,
  llmResponse,
  recall,
  toolsRegistry,
  traceSpan,
} from '@hearth/contracts';
import type { LLMock } from '@copilotkit/aimock';
import { RuntimeError } from '@hearth/runtime';
import {
  type Collected,
  collect,
  reportOf,
  runTestService,
  startTestBroker,
  type TestBroker,
  type TestService,
} from '@hearth/runtime/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startMock } from './engines/provider-fixture.ts';
import { llmWorker } from './service.ts';

type Passage = { id: number; role: 'fact'; text: string; ts: number; score: number };
type Response = { text: string; engine?: string } | { error: { code: string } };

let mock: LLMock;
let broker: TestBroker;
let service: TestService;
let responses: Collected<Response>;
let remembered: Passage[];

beforeEach(async () => {
  remembered = [];
  [mock, broker] = await Promise.all([startMock(), startTestBroker()]);
});
afterEach(async () => {
  await service.stop();
  await Promise.all([broker.stop(), mock.stop()]);
});

async function start(env: Readonly<Record<string, string>> = {}) {
  const model = { LLM_BASE_URL: `${mock.url}/v1`, LLM_MODEL: 'test', LLM_RETRIES: '0' };
  service = await runTestService(llmWorker, broker.url, {
    HEARTH_TIME_ZONE: 'UTC',
    ...model,
    ...env,
  });
  responses = await collect<Response>(service.peer, llmResponse);
  // Without a memory each answer would wait 5 s for it.
  await service.peer.serve(recall, async () => ({ data: { passages: remembered } }));
}

async function ask(text: string, siteId = 'kitchen') {
  const turn = { siteId, turnId: createId(), correlationId: createId() };
  await service.peer.publish(llmRequest, { text, history: [] }, turn);
  return turn;
}

async function answerTo({ correlationId }: { correlationId: string }) {
  const { data } = await responses.until(
    ({ envelope }) => envelope?.correlationId === correlationId,
  );
  return data;
}

const healthOf = (fits: (report: Health) => boolean) => reportOf(service.peer, 'llm-worker', fits);

const LAMP = { name: 'lamp_set', description: 'Sets the lamp', schema: {}, server: 'hearth' };
const DOOR = { ...LAMP, name: 'door_unlock', confirm: true };

/** Publishes the registry and waits until the worker offers it. */
async function offer(...tools: (typeof LAMP)[]) {
  await service.peer.publish(toolsRegistry, { tools });
  mock.prependFixture({ match: { userMessage: 'warm up' }, response: { content: 'Warm.' } });
  await vi.waitFor(async () => {
    await answerTo(await ask('warm up'));
    const body = JSON.stringify(mock.getLastRequest()?.body);
    for (const { name } of tools) expect(body).toContain(`"${name}"`);
  });
}

describe('the language model worker with a model', () => {
  it('takes the server that is set, says so, and counts its tokens', async () => {
    mock.onMessage('hello', { content: 'Hello from the model.' });
    await start();
    const { details } = await healthOf(() => true);
    expect(details).toMatchObject({
      engine: 'openai-compatible',
      engineChoice: expect.stringMatching(/^openai-compatible/),
    });
    expect(await answerTo(await ask('hello'))).toEqual({
      text: 'Hello from the model.',
      engine: 'openai-compatible',
    });
    await healthOf(({ details }) => Number(details?.['tokensOut']) > 0);
  });

  it('answers a question from memory through the model within one turn', async () => {
    mock.on({ systemMessage: 'blue drawer' }, { content: 'They are in the blue drawer.' });
    mock.on({}, { content: 'I do not know.' });
    await start();
    const deltas = await collect(service.peer, llmDelta);
    const spans = await collect(service.peer, traceSpan);
    remembered = [{ id: 1, role: 'fact', text: 'my keys are in the blue drawer', ts: 1, score: 1 }];
    expect(await answerTo(await ask('where did I put my keys?'))).toMatchObject({
      text: 'They are in the blue drawer.',
    });
    expect(deltas.messages.map(({ data }) => data.text).join('')).toBe(
      'They are in the blue drawer.',
    );
    const { data: span } = await spans.until(({ data }) => data.name === 'llm.answer');
    expect(span.note).toMatch(/^tokens \d+\+\d+$/);
  });

  it('answers with the built-in engine while the server is away, says what it cannot, and comes back', async () => {
    await start();
    const { port } = mock;
    await mock.stop();
    expect(await answerTo(await ask('what is fifteen times three'))).toMatchObject({
      text: 'Fifteen times three is 45.',
      engine: 'builtin',
    });
    expect(await answerTo(await ask('who won the world cup'))).toMatchObject({
      text: expect.stringContaining('my language model cannot be reached'),
    });
    const { reason } = await healthOf(({ state }) => state === 'degraded');
    expect(reason).toMatch(/cannot be reached \(ECONNREFUSED\).*builtin answers instead/);
    mock = await startMock(port);
    mock.on({}, { content: 'I am back.' });
    expect(await answerTo(await ask('are you there'))).toMatchObject({ text: 'I am back.' });
    await healthOf(({ state }) => state === 'ready');
  });

  it('is degraded, and answers what it can, when the engine that is set by name lacks a setting', async () => {
    await start({ LLM_ENGINE: 'anthropic', LLM_MODEL: 'claude' });
    const { reason } = await healthOf(({ state }) => state === 'degraded');
    expect(reason).toBe('anthropic: LLM_API_KEY is not set; builtin answers instead');
    expect(await answerTo(await ask('what is 2 plus 2'))).toMatchObject({ engine: 'builtin' });
  });

  it('is degraded, and says how to install it, when the package of its engine is missing', async () => {
    await start({ LLM_ENGINE: 'google', LLM_API_KEY: 'k', HEARTH_ENGINES_DIR: '/nowhere' });
    const { reason } = await healthOf(({ state }) => state === 'degraded');
    expect(reason).toContain('google is not installed. Run: npx hearth engines add google');
  });
});

describe('the tools of the house', () => {
  it('are called over the bus, and a call that fails does not spoil the others', async () => {
    mock.on(
      { userMessage: 'lamp', hasToolResult: false },
      {
        toolCalls: [
          { name: 'lamp_set', arguments: '{"on":true}', id: 'a' },
          { name: 'lamp_set', arguments: '{"on":false}', id: 'b' },
        ],
      },
    );
    mock.on({ userMessage: 'lamp', hasToolResult: true }, { content: 'One of two.' });
    await start();
    await service.peer.serve(
      callTool,
      async ({ data }) => {
        if (data.arguments['on']) throw new RuntimeError('ENGINE_FAILED', 'the lamp is unplugged');
        return { data: { content: 'off', isError: false } };
      },
      { concurrency: 4 },
    );
    await offer(LAMP);
    expect(await answerTo(await ask('lamp'))).toMatchObject({ text: 'One of two.' });
    const sent = JSON.stringify(mock.getLastRequest()?.body);
    expect(sent).toContain('the lamp is unplugged');
    expect(sent).toContain('"content":"off"');
  });

  it('end with their turn, and what comes late changes nothing', async () => {
    mock.on(
      { userMessage: 'lamp' },
      { toolCalls: [{ name: 'lamp_set', arguments: '{}', id: 'a' }] },
    );
    await start();
    const called = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    await service.peer.serve(callTool, async () => {
      called.resolve();
      await release.promise;
      return { data: { content: 'on', isError: false } };
    });
    await offer(LAMP);
    const requests = mock.getRequests().length;
    const turn = await ask('lamp');
    await called.promise;
    await service.peer.publish(llmCancel, {}, { turnId: turn.turnId });
    expect(await answerTo(turn)).toMatchObject({ error: { code: 'CANCELLED' } });
    release.resolve();
    expect(await answerTo(await ask('warm up'))).toMatchObject({ text: 'Warm.' });
    expect(mock.getRequests()).toHaveLength(requests + 2);
    expect(responses.messages.filter(({ context }) => context.turnId === turn.turnId)).toHaveLength(
      1,
    );
  });

  it('that need the word of the user run after a yes, and not because the model says so', async () => {
    const unlock = { toolCalls: [{ name: 'door_unlock', arguments: '{}', id: 'a' }] };
    mock.on({ toolResultContains: 'Unlock the door?' }, { content: 'Shall I unlock the door?' });
    mock.on({ toolResultContains: 'unlocked' }, { content: 'It is open.' });
    for (const userMessage of ['unlock the door', 'do it anyway', 'yes please'])
      mock.on({ userMessage, hasToolResult: false }, unlock);
    await start();
    const confirmed: (boolean | undefined)[] = [];
    await service.peer.serve(callTool, async ({ data }) => {
      confirmed.push(data.confirmed);
      return {
        data: data.confirmed
          ? { content: 'unlocked', isError: false }
          : { content: '', isError: false, needsConfirmation: 'Unlock the door?' },
      };
    });
    await offer(DOOR);
    for (const text of ['unlock the door', 'I said unlock the door'])
      expect(await answerTo(await ask(text))).toMatchObject({ text: 'Shall I unlock the door?' });
    expect(await answerTo(await ask('yes please'))).toMatchObject({ text: 'It is open.' });
    expect(confirmed).toEqual([undefined, undefined, true]);
  });
});
