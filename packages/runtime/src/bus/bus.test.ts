/** The bus over every transport: what services may rely on. */
import { recall, sttFinal, storeMemory } from '@hearth/contracts';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { mosquittoPath, startTestBroker, type TestBroker } from '../testing.ts';
import { type Bus, createBus } from './bus.ts';
import { createMemoryTransport } from './memory-transport.ts';
import { connectMqtt } from './mqtt-transport.ts';

const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
const kinds = ['memory', 'aedes', 'mosquitto'] as const;

describe.each(kinds)('bus over %s', (kind) => {
  const missing = kind === 'mosquitto' && mosquittoPath() === undefined;
  let broker: TestBroker | undefined;
  let memory = createMemoryTransport();
  const open: Bus[] = [];
  let count = 0;

  beforeAll(async () => {
    if (kind !== 'memory' && !missing) broker = await startTestBroker({ kind });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((bus) => bus.close()));
    memory = createMemoryTransport();
  });
  afterAll(() => broker?.stop());

  function join(source: string): Bus {
    const transport = broker
      ? connectMqtt({ url: broker.url, clientId: `${source}-${count++}`, log })
      : memory;
    const bus = createBus({ transport, source, log });
    open.push(bus);
    return bus;
  }

  it.skipIf(missing)('delivers what was published, with its sender and its site', async () => {
    const from = join('stt-worker');
    const to = join('router');
    const seen = vi.fn();
    await to.subscribe(sttFinal, seen);
    await from.publish(
      sttFinal,
      { text: 'hi', confidence: 1, speechMs: 1, engine: 'x' },
      { siteId: 'kitchen', turnId: 't1' },
    );
    await vi.waitFor(() => expect(seen).toHaveBeenCalledOnce());
    expect(seen.mock.calls[0]?.[0]).toMatchObject({
      data: { text: 'hi' },
      context: { siteId: 'kitchen', turnId: 't1' },
      envelope: { source: 'stt-worker' },
    });
  });

  it.skipIf(missing)('answers each of two overlapping calls with its own reply', async () => {
    const server = join('memory-worker');
    const caller = join('llm-worker');
    await server.serve(
      storeMemory,
      async ({ data }) => ({ data: { ids: data.entries.map((entry) => entry.ts) } }),
      { concurrency: 2 },
    );
    const entry = (ts: number) => ({ entries: [{ role: 'fact' as const, text: 'x', ts }] });
    const [one, two] = await Promise.all([
      caller.call(storeMemory, entry(1)),
      caller.call(storeMemory, entry(2)),
    ]);
    expect([one.data.ids, two.data.ids]).toEqual([[1], [2]]);
  });

  it.skipIf(missing)(
    'answers a request whose handler throws at once with a typed error',
    async () => {
      const server = join('memory-worker');
      const caller = join('llm-worker');
      await server.serve(recall, () =>
        Promise.reject(Object.assign(new Error('no disk'), { code: 'DISK' })),
      );
      await expect(caller.call(recall, { text: 'x', topK: 1 })).rejects.toMatchObject({
        code: 'REMOTE',
        remoteCode: 'DISK',
      });
    },
  );
});
