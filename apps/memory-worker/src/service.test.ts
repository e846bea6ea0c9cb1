/** The memory worker as other processes see it: a real broker, a real thread, a real file. */
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetMemory, health, recall, storeMemory } from '@hearth/contracts';
import type { Bus } from '@hearth/runtime';
import {
  collect,
  runTestService,
  startTestBroker,
  type TestBroker,
  type TestService,
} from '@hearth/runtime/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryService } from './service.ts';

let folder: string;
let broker: TestBroker;
let service: TestService | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-memory-'));
  broker = await startTestBroker();
});
afterEach(async () => {
  await service?.stop();
  service = undefined;
  await broker.stop();
  await rm(folder, { recursive: true });
});

describe('the memory worker', () => {
  it('finds what was stored, with the site and the turn of its envelope', async () => {
    const peer = await start();
    const entries = [
      { role: 'user' as const, text: 'I put the spare key under the mat', ts: 1 },
      { role: 'assistant' as const, text: 'All right.', ts: 2 },
    ];
    const context = { siteId: 'kitchen', turnId: 'turn-1' };
    const { data: stored } = await peer.call(storeMemory, { entries }, context);
    expect(stored.ids).toHaveLength(2);

    const { data } = await peer.call(recall, { text: 'where is the spare key?', topK: 3 });
    expect(data.passages).toEqual([
      { id: stored.ids[0], ...entries[0], ...context, score: expect.any(Number) },
    ]);
  });

  it('leaves out the turn that asks', async () => {
    const peer = await start();
    await keep(peer, 'the bicycle is in the shed', 'before');
    await keep(peer, 'I lost my bicycle', 'now');
    expect(await find(peer, 'bicycle', 'now')).toEqual(['the bicycle is in the shed']);
  });

  it('gives what was said around a passage, and no more than there is room for', async () => {
    const peer = await start();
    const entries = [
      { role: 'user' as const, text: 'where is the ladder', ts: 1, speaker: 'Ann' },
      { role: 'assistant' as const, text: 'The ladder stands behind the shed.', ts: 2 },
    ];
    await peer.call(storeMemory, { entries });
    const ask = { text: 'ladder', topK: 5, context: 1 };
    const { data: whole } = await peer.call(recall, { ...ask, maxTokens: 500 });
    expect(whole).toMatchObject({ passages: [{ role: 'assistant' }, {}], truncated: false });
    expect(whole.passages[0]?.before).toEqual([
      { role: 'user', text: 'where is the ladder', speaker: 'Ann' },
    ]);
    const { data: little } = await peer.call(recall, { ...ask, maxTokens: 20 });
    expect(little.truncated).toBe(true);
    expect(little.passages.map(({ before }) => before)).toEqual([undefined]);
  });

  it('forgets what is older than the house keeps, but no facts', async () => {
    const before = await start();
    const old = { ts: Date.now() - 3 * 86_400_000 };
    await before.call(storeMemory, {
      entries: [
        { role: 'user', text: 'old chatter', ...old },
        { role: 'fact', text: 'old fact', ...old },
        { role: 'user', text: 'old words, said now', ts: Date.now() },
      ],
    });
    await service?.stop();
    const peer = await start({ MEMORY_RETENTION_DAYS: '2' });
    await vi.waitFor(
      async () =>
        expect((await find(peer, 'old')).toSorted()).toEqual(['old fact', 'old words, said now']),
      { timeout: 10_000 },
    );
  });

  it('forgets', async () => {
    const peer = await start();
    await keep(peer, 'the alarm code is 4711');
    const { data } = await peer.call(forgetMemory, { text: 'alarm code' });
    expect(data).toEqual({ count: 1 });
    expect(await find(peer, 'alarm code')).toEqual([]);
  });

  it('answers a thousand questions at once, each with its own answer', async () => {
    const peer = await start();
    const entries = Array.from({ length: 1_000 }, (_, i) => ({
      role: 'user' as const,
      text: `parcel number${i} lies in shelf${i % 40}`,
      ts: i,
    }));
    for (let at = 0; at < entries.length; at += 100) {
      await peer.call(storeMemory, { entries: entries.slice(at, at + 100) });
    }
    const answers = await Promise.all(
      entries.map(async (_, i) => (await find(peer, `where is number${i}`))[0]),
    );
    expect(answers).toEqual(entries.map(({ text }) => text));
  });

  it('says in its health and in its replies that the file is not usable, and leaves it alone', async () => {
    await writeFile(join(folder, 'memory.sqlite'), 'a shopping list');
    const peer = await start();
    const reports = await collect(peer, health);
    await expect(find(peer, 'anything')).rejects.toMatchObject({
      remoteCode: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining('not a database'),
    });
    const { data } = await reports.until(({ data }) => data.state === 'degraded');
    expect(data.reason).toContain('not a database');
  });

  it('goes on finding and forgetting when it is full, and storing when there is room again', async () => {
    const peer = await start({ MEMORY_MAX_MB: '1' });
    const reports = await collect(peer, health);
    const long = 'word '.repeat(1_500);
    const fill = async () => {
      for (let i = 0; i < 500; i++) await keep(peer, `${i} ${long}`);
    };
    await expect(fill()).rejects.toMatchObject({ code: 'REMOTE', remoteCode: 'STORE_FULL' });
    const full = await reports.until(({ data }) => data.state === 'degraded');
    expect(full.data.reason).toContain('no room');
    expect(await find(peer, 'word')).not.toEqual([]);

    await peer.call(forgetMemory, { all: true });
    await keep(peer, 'there is room');
    await reports.until(({ data }) => data.state === 'ready');
  });

  it('keeps its file in the data folder and gives it up when it stops', async () => {
    const peer = await start();
    await keep(peer, 'hello');
    await access(join(folder, 'memory.sqlite-wal'));
    await service?.stop();
    service = undefined;
    await expect(access(join(folder, 'memory.sqlite-wal'))).rejects.toThrow('ENOENT');
  });
});

async function start(env: Record<string, string> = {}): Promise<Bus> {
  service = await runTestService(memoryService, broker.url, { HEARTH_DATA_DIR: folder, ...env });
  return service.peer;
}

async function keep(peer: Bus, text: string, turnId?: string): Promise<void> {
  await peer.call(storeMemory, { entries: [{ role: 'user', text, ts: 1 }] }, { turnId });
}

async function find(peer: Bus, text: string, excludeTurnId?: string): Promise<string[]> {
  const { data } = await peer.call(recall, {
    text,
    topK: 5,
    ...(excludeTurnId !== undefined && { excludeTurnId }),
  });
  return data.passages.map((passage) => passage.text);
}
