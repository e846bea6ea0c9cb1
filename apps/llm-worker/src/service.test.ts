import {
  createId,
  intentsRegistry,
  llmCancel,
  llmDelta,
  llmRequest,
  llmResponse,
  recall,
  storeMemory,
  traceSpan,
} from '@hearth/contracts';
import type { Bus } from '@hearth/runtime';
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
import { llmWorker } from './service.ts';

type Delta = { seq: number; text: string };
type Response = { text: string } | { error: { code: string } };

let broker: TestBroker;
let service: TestService;
let peer: Bus;
let deltas: Collected<Delta>;
let responses: Collected<Response>;

beforeEach(async () => {
  broker = await startTestBroker();
  service = await runTestService(llmWorker, broker.url, { HEARTH_TIME_ZONE: 'UTC' });
  peer = service.peer;
  deltas = await collect<Delta>(peer, llmDelta);
  responses = await collect<Response>(peer, llmResponse);
});
afterEach(async () => {
  expect(await service.stop()).toBe(0);
  await broker.stop();
});

function newTurn(siteId = 'kitchen') {
  return { siteId, turnId: createId(), correlationId: createId() };
}

type Turn = ReturnType<typeof newTurn> & { deadlineMs?: number };

function ask(text: string, turn: Turn): Promise<void> {
  return peer.publish(llmRequest, { text, history: [] }, turn);
}

function responseTo({ correlationId }: Turn) {
  return responses.until(({ envelope }) => envelope?.correlationId === correlationId);
}

/** A memory that never answers, and tells when it was asked. */
async function stuckMemory() {
  const asked = Promise.withResolvers<string | undefined>();
  await peer.serve(recall, async ({ data }, signal) => {
    asked.resolve(data.excludeTurnId);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return { data: { passages: [] } };
  });
  return asked.promise;
}

describe('the language model worker', () => {
  it('streams an answer in order and ends it with the whole of it', async () => {
    const turn = newTurn();
    await ask('help', turn);
    const { data, context, envelope } = await responseTo(turn);
    expect(context).toMatchObject({ siteId: turn.siteId, turnId: turn.turnId });
    expect(envelope?.correlationId).toBe(turn.correlationId);
    expect(data).toMatchObject({ intent: 'control.help', engine: 'builtin' });
    expect(deltas.messages.map(({ data }) => data.seq)).toEqual(deltas.messages.map((_, i) => i));
    expect(deltas.messages.length).toBeGreaterThan(1);
    expect('text' in data && data.text).toBe(deltas.messages.map(({ data }) => data.text).join(''));
    for (const { context, envelope } of deltas.messages) {
      expect(context).toMatchObject({ siteId: turn.siteId, turnId: turn.turnId });
      expect(envelope?.correlationId).toBe(turn.correlationId);
    }
  });

  it('tells the house which sentences it understands', async () => {
    const registries = await collect(peer, intentsRegistry);
    const { data } = await registries.until();
    expect(data.intents.map(({ name }) => name)).toContain('clock.time');
    expect(data.lists['artists']).toContain('the beatles');
  });

  it('keeps a fact and finds it again, without its own turn', async () => {
    const kept: string[] = [];
    const excluded: (string | undefined)[] = [];
    await peer.serve(storeMemory, async ({ data }) => {
      kept.push(...data.entries.map(({ role, text }) => `${role}: ${text}`));
      return { data: { ids: data.entries.map((_, i) => i + 1) } };
    });
    await peer.serve(recall, async ({ data }) => {
      excluded.push(data.excludeTurnId);
      const passage = {
        id: 1,
        role: 'fact',
        text: 'my keys are in the drawer',
        ts: Date.now(),
        score: 1,
      } as const;
      return { data: { passages: data.roles?.includes('fact') ? [passage] : [] } };
    });
    const [telling, asking] = [newTurn(), newTurn()];
    await ask('remember that my keys are in the drawer', telling);
    await responseTo(telling);
    expect(kept).toEqual(['fact: my keys are in the drawer']);
    await ask('where are my keys', asking);
    const { data } = await responseTo(asking);
    expect(data).toMatchObject({ text: 'You told me: your keys are in the drawer.' });
    expect(excluded).toEqual([asking.turnId, asking.turnId]);
  });

  it('answers without the memory when that is silent for 5 s, and notes it in the trace', async () => {
    const spans = await collect(peer, traceSpan);
    const turn = newTurn();
    // Nobody serves the memory here. One wait gives up after 5 s, as the recall does, hence the second.
    await ask('where are my keys', turn);
    const { data } = await vi.waitFor(() => responseTo(turn), { timeout: 8_000 });
    expect(data).toMatchObject({ text: expect.stringContaining('My memory did not answer') });
    const { data: span } = await spans.until(({ data }) => data.name === 'llm.answer');
    expect(span).toMatchObject({ note: 'without-memory', engine: true, ok: true });
    expect(span.durationMs).toBeLessThan(6_000);
  });

  it('ends at a cancel, with one response that says so', async () => {
    const turn = newTurn();
    const asked = stuckMemory();
    await ask('where are my keys', turn);
    await asked;
    await peer.publish(llmCancel, {}, { turnId: turn.turnId });
    const { data } = await responseTo(turn);
    expect(data).toEqual({ error: { code: 'CANCELLED', message: 'the answer was cancelled' } });
    expect(deltas.messages).toEqual([]);
  });

  it('honours a cancel that comes before its request', async () => {
    const turn = newTurn();
    await peer.publish(llmCancel, {}, { turnId: turn.turnId });
    // Answered after the cancel was seen: both topics come over one connection, in order.
    const other = newTurn();
    await ask('hello', other);
    await responseTo(other);
    await ask('help', turn);
    expect((await responseTo(turn)).data).toMatchObject({ error: { code: 'CANCELLED' } });
    expect(deltas.messages.every(({ context }) => context.turnId !== turn.turnId)).toBe(true);
  });

  it('keeps to the deadline of the request', async () => {
    const turn = { ...newTurn(), deadlineMs: 300 };
    const asked = stuckMemory();
    await ask('where are my keys', turn);
    await asked;
    expect((await responseTo(turn)).data).toMatchObject({ error: { code: 'LLM_TIMEOUT' } });
  });

  it('answers a repeated request once', async () => {
    const [turn, after] = [newTurn(), newTurn()];
    await ask('hello', turn);
    await ask('hello', turn);
    await responseTo(turn);
    await ask('hello', after);
    await responseTo(after);
    const same = responses.messages.filter(
      ({ envelope }) => envelope?.correlationId === turn.correlationId,
    );
    expect(same).toHaveLength(1);
  });

  it('answers one room while another waits for the memory', async () => {
    const [waiting, quick] = [newTurn('kitchen'), newTurn('hall')];
    const asked = stuckMemory();
    await ask('where are my keys', waiting);
    await asked;
    await ask('what time is it', quick);
    expect((await responseTo(quick)).context.siteId).toBe('hall');
    expect(responses.messages).toHaveLength(1);
    await peer.publish(llmCancel, {}, { turnId: waiting.turnId });
    await responseTo(waiting);
  });

  it('answers what it has begun before it stops', async () => {
    const turn = newTurn();
    const asked = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    await peer.serve(
      recall,
      async () => {
        asked.resolve();
        await release.promise;
        return { data: { passages: [] } };
      },
      { concurrency: 2 },
    );
    await ask('where are my keys', turn);
    await asked.promise;
    const stopped = service.stop();
    await reportOf(peer, 'llm-worker', ({ state }) => state === 'stopping');
    release.resolve();
    expect((await responseTo(turn)).data).toMatchObject({ intent: 'memory.recall' });
    expect(await stopped).toBe(0);
  });
});
