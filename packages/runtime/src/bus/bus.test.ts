/** What services may rely on, over every transport. */
import {
  busError,
  type Call,
  createEnvelope,
  intentsRegistry,
  llmCancel,
  llmDelta,
  recall,
  sttFinal,
  synthesize,
  textIn,
  type Topic,
  topicPath,
  transcribe,
} from '@hearth/contracts';
import { z } from 'zod';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { mosquittoPath, recordLog, startTestBroker, type TestBroker } from '../testing.ts';
import type { Message } from './api.ts';
import { type Bus, createBus } from './bus.ts';
import { createMemoryTransport } from './memory-transport.ts';
import { connectMqtt } from './mqtt-transport.ts';
import type { Transport } from './transport.ts';

const kinds = ['memory', 'aedes', 'mosquitto'] as const;
const question = { text: 'where are the keys', topK: 3 };
const noPassages = { data: { passages: [] } };

for (const kind of kinds) {
  const missing = kind === 'mosquitto' && mosquittoPath() === undefined;
  const why = missing ? ' (skipped: mosquitto is not installed)' : '';

  describe.skipIf(missing)(`bus over ${kind}${why}`, () => {
    let broker: TestBroker | undefined;
    let memory = createMemoryTransport();
    let house = 0;
    let joined = 0;
    let buses: Bus[] = [];
    let record = recordLog();

    beforeAll(async () => {
      if (kind !== 'memory') broker = await startTestBroker({ kind });
    });
    afterEach(async () => {
      await Promise.all(buses.map((bus) => bus.close()));
      buses = [];
      memory = createMemoryTransport();
      record = recordLog();
      house++;
    });
    afterAll(() => broker?.stop());

    const prefix = () => `house${house}`;

    function plug(): Transport {
      const clientId = `client-${joined++}`;
      return broker
        ? connectMqtt({ url: broker.url, clientId, prefix: prefix(), log: record.log })
        : memory;
    }

    function join(source: string): Bus {
      const bus = createBus({ transport: plug(), source, prefix: prefix(), log: record.log });
      buses.push(bus);
      return bus;
    }

    /** Publishes bytes as an outsider may: no envelope is made, nothing is checked. */
    function outsider() {
      const transport = plug();
      onTestFinished(() => transport.close(1_000));
      return (topic: Topic<unknown>, payload: string | object, suffix?: string, retain = false) =>
        transport.publish(
          {
            topic: topicPath(prefix(), topic, suffix),
            payload: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)),
            qos: 1,
            retain,
          },
          { timeoutMs: 5_000 },
        );
    }

    function envelope(topic: Topic<unknown>, data: unknown, more: object = {}) {
      return {
        ...createEnvelope({ type: topic.name, source: 'outsider', data }, Date.now()),
        ...more,
      };
    }

    async function collect<Data>(bus: Bus, topic: Topic<Data>): Promise<Message<Data>[]> {
      const seen: Message<Data>[] = [];
      await bus.subscribe(topic, (message) => seen.push(message));
      return seen;
    }

    describe('publish and subscribe', () => {
      it('delivers what was published with its sender, its site and its turn', async () => {
        const seen = await collect(join('router'), sttFinal);
        const heard = { text: 'lights on', confidence: 1, speechMs: 900, engine: 'x' };
        await join('stt-worker').publish(sttFinal, heard, { siteId: 'kitchen', turnId: 't1' });

        await vi.waitFor(() => expect(seen).toHaveLength(1));
        expect(seen[0]).toMatchObject({
          data: heard,
          context: { siteId: 'kitchen', turnId: 't1', causationId: seen[0]?.envelope?.id },
          envelope: { source: 'stt-worker', type: 'stt/final' },
        });
      });

      it('delivers to a subscription of one site what is meant for it and nothing else', async () => {
        const router = join('router');
        const seen: string[] = [];
        await router.subscribe(textIn, ({ data }) => seen.push(data), { siteId: 'attic' });
        const sender = join('cli');
        await sender.publish(textIn, 'for the cellar', { siteId: 'cellar' });
        await sender.publish(textIn, 'for the attic', { siteId: 'attic' });

        await vi.waitFor(() => expect(seen).toEqual(['for the attic']));
      });

      it('hands on what other systems say, except what is far too large', async () => {
        const lamp = join('lamp');
        const seen: string[][] = [];
        const end = await join('tool-worker').foreign.subscribe(
          'lamps/+/state',
          ({ topic, payload }) => seen.push([topic, new TextDecoder().decode(payload)]),
        );
        await lamp.foreign.publish('lamps/hall/state', 'ON');
        await lamp.foreign.publish('lamps/hall/other', 'ON');
        await lamp.foreign.publish('lamps/attic/state', 'x'.repeat(300_000));
        await lamp.foreign.publish('lamps/cellar/state', '');
        await vi.waitFor(() => expect(seen).toHaveLength(2));
        expect(seen).toEqual([
          ['lamps/hall/state', 'ON'],
          ['lamps/cellar/state', ''],
        ]);
        await end();
      });

      it('picks the messages of one site from a topic of the whole house by their envelope', async () => {
        const seen: unknown[] = [];
        await join('router').subscribe(llmDelta, ({ data }) => seen.push(data.seq), {
          siteId: 'attic',
        });
        const sender = join('llm-worker');
        await sender.publish(llmDelta, { seq: 0, text: 'x' }, { siteId: 'cellar' });
        await sender.publish(llmDelta, { seq: 1, text: 'x' });
        await sender.publish(llmDelta, { seq: 2, text: 'x' }, { siteId: 'attic' });
        await vi.waitFor(() => expect(seen).toEqual([2]));
      });

      it('carries samples behind the envelope byte for byte', async () => {
        const body = Uint8Array.from({ length: 4_000 }, (_, index) => (index * 7) % 256);
        const worker = join('stt-worker');
        let got: Uint8Array | undefined;
        await worker.serve(transcribe, async (request) => {
          got = request.body;
          return { data: { text: 'a', confidence: 1, speechMs: 1, engine: 'x' } };
        });
        await join('cli').call(transcribe, { rate: 16_000, channels: 1 }, { body });
        expect(Buffer.compare(got ?? Buffer.alloc(0), body)).toBe(0);
      });

      it('refuses to send what breaks the contract, and does not repeat it in the error', async () => {
        const refused = join('cli').publish(textIn, 'secret'.repeat(1_000), { siteId: 'attic' });
        await expect(refused).rejects.toMatchObject({ code: 'INVALID_PAYLOAD' });
        await expect(refused).rejects.not.toThrow(/secret/);
        await expect(join('cli').publish(textIn, 'hello')).rejects.toThrow('it needs a siteId');
      });

      it('goes on after a handler that throws, at once or later', async () => {
        const seen: number[] = [];
        await join('router').subscribe(llmDelta, ({ data }) => {
          seen.push(data.seq);
          if (data.seq === 0) throw new Error('at once');
          if (data.seq === 1) return Promise.reject(new Error('later'));
          return undefined;
        });
        const sender = join('llm-worker');
        for (const seq of [0, 1, 2]) await sender.publish(llmDelta, { seq, text: 'x' });

        await vi.waitFor(() => expect(seen).toEqual([0, 1, 2]));
        expect(record.lines.filter((line) => line.includes('handler failed'))).toHaveLength(2);
        expect(record.lines.join('')).not.toMatch(/at once|later/);
      });

      it('does not let a slow handler on one topic delay another topic', async () => {
        const router = join('router');
        const gate = Promise.withResolvers<void>();
        await router.subscribe(llmDelta, () => gate.promise);
        const seen = await collect(router, llmCancel);
        const sender = join('llm-worker');
        await sender.publish(llmDelta, { seq: 0, text: 'x' });
        await sender.publish(llmCancel, {});

        await vi.waitFor(() => expect(seen).toHaveLength(1));
        gate.resolve();
      });

      it('drops the oldest at the limit, counts it, and says so once', async () => {
        const router = join('router');
        const gate = Promise.withResolvers<void>();
        const seen: number[] = [];
        const subscription = await router.subscribe(
          llmDelta,
          async ({ data }) => {
            seen.push(data.seq);
            await gate.promise;
          },
          { limit: 2 },
        );
        const sender = join('llm-worker');
        for (const seq of [0, 1, 2, 3, 4, 5]) await sender.publish(llmDelta, { seq, text: 'x' });

        await vi.waitFor(() => expect(subscription.dropped).toBe(3));
        gate.resolve();
        await vi.waitFor(() => expect(seen).toEqual([0, 4, 5]));
        expect(record.lines.filter((line) => line.includes('inbox full'))).toHaveLength(1);
      });

      it('handles a QoS 1 repeat once', async () => {
        const seen = await collect(join('router'), llmCancel);
        const send = outsider();
        const repeated = envelope(llmCancel, {});
        await send(llmCancel, repeated);
        await send(llmCancel, repeated);
        await send(llmCancel, envelope(llmCancel, {}, { turnId: 'end' }));

        await vi.waitFor(() => expect(seen.at(-1)?.context.turnId).toBe('end'));
        expect(seen).toHaveLength(2);
      });

      it('drops what is past its deadline', async () => {
        const seen = await collect(join('router'), llmCancel);
        const send = outsider();
        await send(llmCancel, envelope(llmCancel, {}, { deadline: Date.now() - 1 }));
        await send(llmCancel, envelope(llmCancel, {}, { turnId: 'end' }));

        await vi.waitFor(() => expect(seen.at(-1)?.context.turnId).toBe('end'));
        expect(seen).toHaveLength(1);
      });

      it('gives a late subscriber the last retained message, and nobody the same one twice', async () => {
        const registry = { intents: [], lists: { area: ['attic'] } };
        await join('llm-worker').publish(intentsRegistry, registry);
        const worker = join('stt-worker');
        const first = await collect(worker, intentsRegistry);
        await vi.waitFor(() => expect(first).toHaveLength(1));
        const second = await collect(worker, intentsRegistry);
        await vi.waitFor(() => expect(second).toHaveLength(1));
        expect(first).toHaveLength(1);
        expect(second[0]?.data).toEqual(registry);
      });

      it('iterates over messages until the signal aborts, and keeps nothing', async () => {
        const router = join('router');
        const stop = new AbortController();
        const seen: number[] = [];
        const messages = await router.messages(llmDelta, { signal: stop.signal });
        const sender = join('llm-worker');
        for (const seq of [0, 1, 2]) await sender.publish(llmDelta, { seq, text: 'x' });
        for await (const { data } of messages) {
          seen.push(data.seq);
          if (data.seq === 2) stop.abort();
        }
        expect(seen).toEqual([0, 1, 2]);
        expect(router.stats.subscriptions).toBe(0);
      });

      it('ends an iteration when the bus closes', async () => {
        const router = join('router');
        const messages = await router.messages(llmDelta);
        const next = messages.next();
        await router.close();
        expect(await next).toEqual({ done: true, value: undefined });
      });
    });

    describe('broken messages', () => {
      const broken: [string, string | object, string][] = [
        ['no JSON', 'the secret word', 'not JSON'],
        ['no envelope', { secret: 'word' }, 'envelope: '],
        ['data that breaks the contract', {}, 'data: '],
      ];
      it.each(broken)(
        'reports %s on the topic error, with the reason and no content',
        async (_, payload, reason) => {
          const watcher = join('watcher');
          const reports = await collect(watcher, busError);
          const seen = await collect(watcher, llmDelta);
          const bad =
            reason === 'data: '
              ? envelope(llmDelta, { seq: 0, text: 'x', secret: 'word' })
              : payload;
          await outsider()(llmDelta, bad);

          await vi.waitFor(() => expect(reports).toHaveLength(1));
          expect(reports[0]?.data).toMatchObject({
            code: 'INVALID_PAYLOAD',
            topic: `${prefix()}/llm/delta`,
          });
          expect(reports[0]?.data.reason).toContain(reason);
          expect(JSON.stringify(reports)).not.toContain('secret');
          expect(record.lines.join('')).not.toContain('secret');
          expect(seen).toEqual([]);
        },
      );

      it('does not report a broken report, and reports a flood ten times at most', async () => {
        const watcher = join('watcher');
        const reports = await collect(watcher, busError);
        const seen = await collect(watcher, llmDelta);
        const send = outsider();
        await send(busError, 'broken');
        for (let sent = 0; sent < 30; sent++) await send(llmDelta, 'broken');
        await send(llmDelta, envelope(llmDelta, { seq: 7, text: 'x' }));

        await vi.waitFor(() => expect(seen).toHaveLength(1));
        await vi.waitFor(() => expect(reports.length).toBeGreaterThan(0));
        // Twenty when the minute turns over just then.
        expect(reports.length).toBeLessThanOrEqual(20);
        expect(reports.map(({ data }) => data.topic)).not.toContain(`${prefix()}/error`);
      });

      it('does not obey what somebody retained on a topic that keeps nothing, and says so', async () => {
        const send = outsider();
        const first = await collect(join('router'), textIn);
        await send(textIn, 'turn on the light', 'kitchen', true);
        await vi.waitFor(() => expect(first).toHaveLength(1));

        const restarted = join('router');
        const reports = await collect(restarted, busError);
        const second = await collect(restarted, textIn);
        await send(textIn, 'what time is it', 'kitchen');
        await vi.waitFor(() => expect(second).toHaveLength(1));
        expect(second[0]?.data).toBe('what time is it');
        await vi.waitFor(() => expect(reports[0]?.data.reason).toContain('retained'));
      });

      it('drops a message whose siteId is not that of its topic', async () => {
        const watcher = join('watcher');
        const reports = await collect(watcher, busError);
        const seen = await collect(watcher, sttFinal);
        const heard = { text: 'open the door', confidence: 1, speechMs: 900, engine: 'x' };
        await outsider()(sttFinal, envelope(sttFinal, heard, { siteId: 'attic' }), 'cellar');

        await vi.waitFor(() => expect(reports).toHaveLength(1));
        expect(seen).toEqual([]);
      });
    });

    describe('calls', () => {
      it('answers each of two overlapping calls with its own reply', async () => {
        const server = join('memory-worker');
        await server.serve(
          recall,
          async ({ data }) => ({
            data: { passages: [{ id: data.topK, role: 'fact', text: 'x', ts: 0, score: 1 }] },
          }),
          { concurrency: 2 },
        );
        const caller = join('llm-worker');
        const [one, two] = await Promise.all([
          caller.call(recall, { text: 'keys', topK: 1 }),
          caller.call(recall, { text: 'milk', topK: 2 }),
        ]);
        expect([one.data.passages[0]?.id, two.data.passages[0]?.id]).toEqual([1, 2]);
      });

      it('delivers a reply to a handler that is still running and holds every queue', async () => {
        const worker = join('llm-worker');
        await join('memory-worker').serve(recall, async () => noPassages);
        const answered: number[] = [];
        await worker.subscribe(llmDelta, async () => {
          answered.push((await worker.call(recall, question)).data.passages.length);
        });
        await join('router').publish(llmDelta, { seq: 0, text: 'x' });
        await vi.waitFor(() => expect(answered).toEqual([0]));
      });

      it('lets a service call itself while it answers', async () => {
        const both = join('both');
        await both.serve(recall, async () => noPassages);
        await both.serve(synthesize, async () => {
          await both.call(recall, question);
          return { data: { rate: 16_000, channels: 1, durationMs: 0 } };
        });
        await expect(both.call(synthesize, { text: 'x' })).resolves.toBeDefined();
      });

      it('answers with a typed error at once when the handler throws', async () => {
        const server = join('memory-worker');
        await server.serve(recall, () =>
          Promise.reject(Object.assign(new Error('the disk is full'), { code: 'DISK_FULL' })),
        );
        await expect(join('llm-worker').call(recall, question)).rejects.toMatchObject({
          code: 'REMOTE',
          remoteCode: 'DISK_FULL',
          message: 'memory/results: the disk is full',
        });
      });

      it('does not send the text of an error that is not ours: it may quote what was said', async () => {
        const server = join('memory-worker');
        await server.serve(recall, ({ data }) => {
          throw new SyntaxError(`fts5: syntax error near "${data.text}"`);
        });
        const failed = join('llm-worker').call(recall, question);
        await expect(failed).rejects.toMatchObject({ remoteCode: 'INTERNAL' });
        await expect(failed).rejects.not.toThrow(/keys/);
        expect(record.lines.join('')).not.toContain('keys');
      });

      it('answers with an error when the reply breaks the contract', async () => {
        const loose: Call<typeof question, unknown> = { ...recall, reply: { ...recall.reply } };
        await join('memory-worker').serve(loose, async () => ({ data: { passages: 'none' } }));
        await expect(join('llm-worker').call(recall, question)).rejects.toMatchObject({
          remoteCode: 'INVALID_PAYLOAD',
        });
      });

      it('answers a request that breaks the contract with an error at once', async () => {
        await join('memory-worker').serve(recall, async () => noPassages);
        const replies: unknown[] = [];
        const open: Topic<unknown> = { ...recall.reply, schema: z.unknown() };
        await join('outsider').subscribe(open, ({ data }) => replies.push(data));
        await outsider()(
          recall.request,
          envelope(recall.request, { text: '' }, { correlationId: 'c1' }),
        );
        await vi.waitFor(() =>
          expect(replies).toMatchObject([{ error: { code: 'INVALID_PAYLOAD' } }]),
        );
      });

      it('gives up at its time limit, and a late reply changes nothing', async () => {
        const gate = Promise.withResolvers<void>();
        const server = join('memory-worker');
        const late = Promise.withResolvers<void>();
        await server.subscribe(recall.request, async ({ envelope: asked }) => {
          await gate.promise;
          await server.publish(recall.reply, noPassages.data, {
            correlationId: asked?.correlationId,
          });
          late.resolve();
        });
        const caller = join('llm-worker');
        await expect(caller.call(recall, question, { timeoutMs: 300 })).rejects.toMatchObject({
          code: 'TIMEOUT',
          message: 'memory/query: no reply within 300 ms',
        });
        gate.resolve();
        await late.promise;
        await join('other').serve(synthesize, async () => ({
          data: { rate: 16_000, channels: 1, durationMs: 1 },
        }));
        await caller.call(synthesize, { text: 'x' });
        expect(caller.stats.pendingCalls).toBe(0);
        expect(record.lines.filter((line) => line.includes('"level":50'))).toEqual([]);
      });

      it('takes the first of two replies and none of a stranger', async () => {
        const server = join('memory-worker');
        await server.subscribe(recall.request, async ({ envelope: asked }) => {
          const passage = { role: 'fact' as const, text: 'x', ts: 0, score: 1 };
          const reply = (id: number, correlationId: string | undefined) =>
            server.publish(recall.reply, { passages: [{ ...passage, id }] }, { correlationId });
          await reply(1, 'somebody-else');
          await reply(2, undefined);
          await reply(3, asked?.correlationId);
          await reply(4, asked?.correlationId);
        });
        const reply = await join('llm-worker').call(recall, question);
        expect(reply.data.passages[0]?.id).toBe(3);
      });

      it('asks again with the same correlation id, and the request is worked on once', async () => {
        const gate = Promise.withResolvers<void>();
        const answer = vi.fn(async () => {
          await gate.promise;
          return noPassages;
        });
        const server = join('memory-worker');
        await server.serve(recall, answer);
        const requests = await collect(join('watcher'), recall.request);
        const reply = join('llm-worker').call(recall, question, { timeoutMs: 6_000, attempts: 30 });
        await vi.waitFor(() => expect(requests.length).toBeGreaterThan(1));
        gate.resolve();
        await reply;
        await server.drain();
        expect(new Set(requests.map(({ envelope: asked }) => asked?.correlationId)).size).toBe(1);
        expect(new Set(requests.map(({ envelope: asked }) => asked?.id)).size).toBe(
          requests.length,
        );
        expect(answer).toHaveBeenCalledOnce();
      });

      it('answers a repeated request from what it answered before', async () => {
        const answer = vi.fn(async () => noPassages);
        await join('memory-worker').serve(recall, answer);
        const replies = await collect(join('watcher'), recall.reply);
        const send = outsider();
        const request = () => envelope(recall.request, question, { correlationId: 'c1' });
        await send(recall.request, request());
        await vi.waitFor(() => expect(replies).toHaveLength(1));
        await send(recall.request, { ...request(), source: 'another' });
        await vi.waitFor(() => expect(replies).toHaveLength(2));
        expect(answer).toHaveBeenCalledTimes(2);
        await send(recall.request, request());
        await send(recall.request, { ...request(), correlationId: 'c2' });
        await vi.waitFor(() => expect(replies.at(-1)?.envelope?.correlationId).toBe('c2'));
        // The watcher drops the repeated reply: it is the same message.
        expect(replies).toHaveLength(3);
        expect(answer).toHaveBeenCalledTimes(3);
      });

      it('answers QUEUE_FULL at once when too many requests wait', async () => {
        const gate = Promise.withResolvers<void>();
        onTestFinished(() => gate.resolve());
        await join('memory-worker').serve(
          recall,
          async () => {
            await gate.promise;
            return noPassages;
          },
          { limit: 1 },
        );
        const caller = join('llm-worker');
        const calls = [1, 2, 3].map(() => caller.call(recall, question));
        await expect(calls[2]).rejects.toMatchObject({ code: 'REMOTE', remoteCode: 'QUEUE_FULL' });
        gate.resolve();
        await expect(Promise.all(calls.slice(0, 2))).resolves.toHaveLength(2);
      });

      it('aborts the handler at the deadline and frees its place even if it does not listen', async () => {
        const signals: AbortSignal[] = [];
        await join('memory-worker').serve(recall, ({ data }, signal) => {
          signals.push(signal);
          return data.topK === 1 ? new Promise(() => undefined) : Promise.resolve(noPassages);
        });
        const caller = join('llm-worker');
        await expect(
          caller.call(recall, { ...question, topK: 1 }, { timeoutMs: 200 }),
        ).rejects.toMatchObject({ code: 'TIMEOUT' });
        await expect(caller.call(recall, { ...question, topK: 2 })).resolves.toBeDefined();
        expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
      });

      it('stops waiting when the caller aborts', async () => {
        const caller = join('llm-worker');
        const stop = new AbortController();
        const call = caller.call(recall, question, { signal: stop.signal });
        await vi.waitFor(() => expect(caller.stats.pendingCalls).toBe(1));
        stop.abort();
        await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
        await expect(caller.call(recall, question, { signal: stop.signal })).rejects.toMatchObject({
          code: 'CANCELLED',
        });
        expect(caller.stats.pendingCalls).toBe(0);
      });

      it('leaves no timer, listener or entry behind after 1,000 calls', async () => {
        await join('memory-worker').serve(recall, async () => noPassages, {
          concurrency: 8,
          limit: 1_000,
        });
        const caller = join('llm-worker');
        const stop = new AbortController();
        const added = vi.spyOn(stop.signal, 'addEventListener');
        const removed = vi.spyOn(stop.signal, 'removeEventListener');
        await caller.call(recall, question);
        const timers = () =>
          process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
        await vi.waitFor(() => expect(caller.stats.outbox).toBe(0));
        const before = timers();

        for (let round = 0; round < 10; round++) {
          await Promise.all(
            Array.from({ length: 100 }, () =>
              caller.call(recall, question, { signal: stop.signal }),
            ),
          );
        }
        await vi.waitFor(() =>
          expect(caller.stats).toEqual({ pendingCalls: 0, subscriptions: 0, outbox: 0 }),
        );
        expect(added.mock.calls.length).toBeGreaterThanOrEqual(1_000);
        expect(removed.mock.calls.length).toBe(added.mock.calls.length);
        await vi.waitFor(() => expect(timers()).toBeLessThanOrEqual(before));
      });
    });

    describe('the end', () => {
      it('answers what it has taken and refuses what comes when it drains', async () => {
        const gate = Promise.withResolvers<void>();
        const taken = Promise.withResolvers<void>();
        const server = join('memory-worker');
        await server.serve(recall, async () => {
          taken.resolve();
          await gate.promise;
          return noPassages;
        });
        const caller = join('llm-worker');
        const first = caller.call(recall, question);
        await taken.promise;
        const drained = server.drain();
        await expect(caller.call(recall, question)).rejects.toMatchObject({ remoteCode: 'CLOSED' });
        gate.resolve();
        await drained;
        await expect(first).resolves.toBeDefined();
      });

      it('rejects a call that waits, and everything after it', async () => {
        const caller = join('llm-worker');
        const call = caller.call(recall, question);
        await vi.waitFor(() => expect(caller.stats.pendingCalls).toBe(1));
        await Promise.all([caller.close(), expect(call).rejects.toMatchObject({ code: 'CLOSED' })]);
        expect(caller.state).toEqual({ status: 'closed' });
        await expect(caller.publish(llmCancel, {})).rejects.toMatchObject({ code: 'CLOSED' });
        await expect(caller.subscribe(llmCancel, () => undefined)).rejects.toMatchObject({
          code: 'CLOSED',
        });
      });
    });
  });
}
