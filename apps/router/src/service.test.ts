import {
  audioIn,
  createId,
  health,
  llmCancel,
  llmDelta,
  llmRequest,
  llmResponse,
  storeMemory,
  sttFinal,
  textIn,
  textOut,
  ttsControl,
  ttsSay,
  ttsStatus,
  turnState,
} from '@hearth/contracts';
import type { Bus, Message } from '@hearth/runtime';
import {
  collect,
  runTestService,
  startTestBroker,
  type TestBroker,
  type TestService,
} from '@hearth/runtime/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { router } from './service.ts';

let broker: TestBroker;
let service: TestService;
let peer: Bus;
let stored: unknown[];

beforeEach(async () => {
  broker = await startTestBroker();
  service = await runTestService(router, broker.url, {
    ROUTER_HEARING_TIMEOUT_MS: '500',
    ROUTER_ANSWER_TIMEOUT_MS: '1000',
    ROUTER_PLAYBACK_GRACE_MS: '100',
  });
  peer = service.peer;
  stored = await rememberAll();
  await playAll();
});
afterEach(async () => {
  await service.stop();
  await broker.stop();
});

describe('the router', () => {
  it('leads a spoken turn from its first frame to the memory', async () => {
    const turnStates = await collect(peer, turnState);
    const ttsSays = await collect(peer, ttsSay);
    const llmRequests = await collect(peer, llmRequest);
    const turn = { siteId: 'kitchen', turnId: createId() };

    await peer.publish(audioIn, frame(turn.turnId, 0), turn);
    await turnStates.until(({ data }) => data.state === 'listening');
    await peer.publish(sttFinal, transcript('what time is it'), turn);
    const { data: question, envelope } = await llmRequests.until();
    expect(question).toEqual({ text: 'what time is it', history: [] });
    await peer.publish(
      llmDelta,
      { seq: 0, text: 'It is noon. Time' },
      { ...turn, correlationId: envelope?.correlationId },
    );
    await ttsSays.until(({ data }) => data.text === 'It is noon.' && !data.last);
    await peer.publish(llmResponse, { text: 'It is noon. Time to eat.', engine: 'test' }, turn);
    await ttsSays.until(({ data }) => data.text === 'Time to eat.' && data.last);
    await peer.publish(ttsStatus, { event: 'speaking-started' }, turn);
    await peer.publish(ttsStatus, { event: 'speaking-finished', audioMs: 60_000 }, turn);
    await peer.publish(ttsStatus, { event: 'playback-finished' }, turn);

    const { data: done } = await turnStates.until(({ data }) => data.state === 'done');
    expect(done).toEqual({
      state: 'done',
      outcome: 'answered',
      heard: 'what time is it',
      answer: 'It is noon. Time to eat.',
    });
    await vi.waitFor(() =>
      expect(stored).toEqual([
        { role: 'user', text: 'what time is it', ts: expect.any(Number) },
        { role: 'assistant', text: 'It is noon. Time to eat.', ts: expect.any(Number) },
      ]),
    );
  });

  it('takes plain text at the front door and answers in plain text', async () => {
    const textOuts = await collect(peer, textOut);
    const llmRequests = await collect(peer, llmRequest);
    await peer.publish(textIn, 'hello', { siteId: 'desk' });
    const { context } = await llmRequests.until();
    expect(context.siteId).toBe('desk');
    await peer.publish(llmResponse, { text: 'Hello.', engine: 'test' }, turnOf(context));
    const answer = await textOuts.until();
    expect(answer.data).toBe('Hello.');
    expect(answer.context.siteId).toBe('desk');
  });

  it('keeps two rooms that talk at once apart', async () => {
    const textOuts = await collect(peer, textOut);
    const llmRequests = await collect(peer, llmRequest);
    await peer.publish(textIn, 'one', { siteId: 'a' });
    await peer.publish(textIn, 'two', { siteId: 'b' });
    const b = await llmRequests.until(({ context }) => context.siteId === 'b');
    const a = await llmRequests.until(({ context }) => context.siteId === 'a');
    await peer.publish(llmResponse, { text: 'For b.', engine: 'test' }, turnOf(b.context));
    await peer.publish(llmResponse, { text: 'For a.', engine: 'test' }, turnOf(a.context));
    expect((await textOuts.until(({ context }) => context.siteId === 'a')).data).toBe('For a.');
    expect((await textOuts.until(({ context }) => context.siteId === 'b')).data).toBe('For b.');
  });

  it('hushes the voice and cancels the model when the user speaks again', async () => {
    const ttsControls = await collect(peer, ttsControl);
    const llmCancels = await collect(peer, llmCancel);
    const llmRequests = await collect(peer, llmRequest);
    const turnStates = await collect(peer, turnState);
    await peer.publish(textIn, 'tell me a story', { siteId: 'a' });
    const { context } = await llmRequests.until();
    await peer.publish(audioIn, frame('second', 0), { siteId: 'a', turnId: 'second' });
    const stop = await ttsControls.until(({ data }) => data.action === 'stop');
    expect(stop.context.turnId).toBe(context.turnId);
    await llmCancels.until((message) => message.context.turnId === context.turnId);
    await turnStates.until(({ data }) => data.state === 'done' && data.outcome === 'interrupted');
  });

  it.each([
    ['stt-worker', 'STT_UNAVAILABLE', 'hearing'],
    ['llm-worker', 'LLM_UNAVAILABLE', 'cannot think'],
  ])('says aloud that %s is away', async (away, code, words) => {
    const ttsSays = await collect(peer, ttsSay);
    const turnStates = await collect(peer, turnState);
    const turn = { siteId: 'a', turnId: createId() };
    await peer.publish(health, offline(), { instance: { service: away, instance: 'main' } });
    await peer.publish(audioIn, frame(turn.turnId, 0), turn);
    await peer.publish(sttFinal, transcript('hello'), turn);
    const { data: said } = await ttsSays.until();
    expect(said.text).toContain(words);
    await peer.publish(ttsStatus, { event: 'playback-finished' }, turn);
    const { data } = await turnStates.until((message) => message.data.state === 'done');
    expect(data).toMatchObject({ outcome: 'failed', error: { code } });
  });

  it('fails a turn at once when the service that it waits for goes away', async () => {
    const ttsSays = await collect(peer, ttsSay);
    const llmRequests = await collect(peer, llmRequest);
    await peer.publish(textIn, 'hello', { siteId: 'a' });
    await llmRequests.until();
    await peer.publish(health, offline(), {
      instance: { service: 'llm-worker', instance: 'main' },
    });
    expect((await ttsSays.until()).data.text).toContain('cannot think');
  });

  it('says aloud that the model takes too long, after its time limit', async () => {
    const ttsSays = await collect(peer, ttsSay);
    await peer.publish(textIn, 'hello', { siteId: 'a' });
    expect((await ttsSays.until()).data.text).toContain('too long');
  });

  it('writes the answer and ends the turn when the voice is away', async () => {
    const textOuts = await collect(peer, textOut);
    const turnStates = await collect(peer, turnState);
    const llmRequests = await collect(peer, llmRequest);
    await peer.publish(health, offline(), {
      instance: { service: 'tts-worker', instance: 'main' },
    });
    await peer.publish(textIn, 'hello', { siteId: 'a' });
    const { context } = await llmRequests.until();
    await peer.publish(llmResponse, { text: 'Hello.', engine: 'test' }, turnOf(context));
    expect((await textOuts.until()).data).toBe('Hello.');
    const { data } = await turnStates.until((message) => message.data.state === 'done');
    expect(data).toMatchObject({ outcome: 'failed', error: { code: 'TTS_UNAVAILABLE' } });
  });

  it('finishes the turn that is under way before it stops', async () => {
    const llmRequests = await collect(peer, llmRequest);
    const turnStates = await collect(peer, turnState);
    await peer.publish(textIn, 'hello', { siteId: 'a' });
    const { context } = await llmRequests.until();
    const stopping = service.stop();
    await peer.publish(llmResponse, { text: 'Hello.', engine: 'test' }, turnOf(context));
    await peer.publish(ttsStatus, { event: 'playback-finished' }, turnOf(context));
    const { data } = await turnStates.until((message) => message.data.state === 'done');
    expect(data).toMatchObject({ outcome: 'answered' });
    expect(await stopping).toBe(0);
  });
});

/** A player that has played every answer as soon as its text is whole. */
async function playAll() {
  await peer.subscribe(ttsSay, ({ data, context }) =>
    data.last
      ? peer.publish(ttsStatus, { event: 'playback-finished' }, turnOf(context))
      : undefined,
  );
}

/** A memory that keeps what it is told. */
async function rememberAll() {
  const stored: unknown[] = [];
  await peer.serve(storeMemory, async ({ data }) => {
    stored.push(...data.entries);
    return { data: { ids: data.entries.map((_, i) => i + 1) } };
  });
  return stored;
}

function turnOf({ siteId, turnId }: Message<unknown>['context']) {
  return { siteId, turnId };
}

function frame(turnId: string, seq: number) {
  return { rate: 16_000, channels: 1 as const, seq, turnId, last: false };
}

function transcript(text: string) {
  return { text, confidence: 0.9, speechMs: 900, engine: 'test' };
}

function offline() {
  return { state: 'offline' as const, since: Date.now(), version: 'test' };
}
