/** An engine that a service keeps: opened in the background, tried again with back-off, told to health. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Loading, LoadingOptions } from './fixtures/loading.ts';
import { keepEngine } from './keep.ts';
import { siblingModule } from './sibling.ts';

let folder: string;
let stop: AbortController;
let told: string[];
const health = {
  degraded: (part: string, reason: string) => told.push(`${part} degraded: ${reason}`),
  ok: (part: string) => told.push(`${part} ok`),
  detail: (key: string, value: string | number | boolean) => told.push(`${key} = ${value}`),
};

beforeEach(async () => {
  told = [];
  stop = new AbortController();
  folder = await mkdtemp(join(tmpdir(), 'hearth-offload-'));
});
afterEach(async () => {
  vi.useRealTimers();
  stop.abort();
  await rm(folder, { recursive: true });
});

function keep(fixture: 'loading' | 'loading-here', options: LoadingOptions, queueLimit = 256) {
  const module = siblingModule(import.meta.url, `./fixtures/${fixture}`);
  const spec = { name: 'ping', module, methods: ['ping', 'die'], options, queueLimit };
  const log = { info() {} };
  return keepEngine<Loading>(
    { ...spec, terminable: true },
    { health, log, signal: stop.signal, retryMs: 1_000 },
  );
}

/** Real I/O is under way beside fake timers: waits on the real clock for what it brings about. */
async function untilTold(line: string, times = 1): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    if (told.filter((one) => one.startsWith(line)).length >= times) resolve();
    else setImmediate(look);
  };
  look();
  await promise;
}

it('lets calls wait for the load, and tells health how it goes', async () => {
  const engine = keep('loading', { does: 'report' });
  expect(engine.has('ping')).toBe(false);
  const call = engine.call('ping', 7);
  expect(engine.stats.pending).toBe(1);
  expect(await call).toBe(7);
  expect(engine.has('ping')).toBe(true);
  expect(engine.offloaded).toBe(true);
  expect(told).toEqual([
    'engine = ping: loading',
    'engine = ping: half',
    'engine = ping: done',
    'engine = ping',
    'engine ok',
  ]);
});

it('lets a call give up waiting for the load', async () => {
  const engine = keep('loading', { does: 'hang' });
  const call = engine.call('ping', 1, { signal: AbortSignal.timeout(20) });
  await expect(call).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(engine.stats.pending).toBe(0);
});

it('lets only so many calls wait for the load', async () => {
  const engine = keep('loading', { does: 'hang' }, 1);
  const first = expect(engine.call('ping', 1)).rejects.toMatchObject({ code: 'CLOSED' });
  await expect(engine.call('ping', 2)).rejects.toMatchObject({ code: 'QUEUE_FULL' });
  await engine.close();
  await first;
});

it('tries again after 1 s, 2 s, 4 s, rejects calls with the reason meanwhile, and recovers', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const needs = join(folder, 'model');
  const engine = keep('loading-here', { needs });
  for (const [round, pauseMs] of [1_000, 2_000, 4_000].entries()) {
    await untilTold('engine degraded: ping: cannot load: ENOENT', round + 1);
    await expect(engine.call('ping', 1)).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining('ENOENT'),
    });
    if (round === 2) await writeFile(needs, '');
    await vi.advanceTimersByTimeAsync(pauseMs - 1);
    expect(told.filter((line) => line.startsWith('engine degraded'))).toHaveLength(round + 1);
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(await engine.call('ping', 2)).toBe(2);
  expect(told.at(-1)).toBe('engine ok');
});

it('tells health when the thread of the engine dies and when it is back', async () => {
  const engine = keep('loading', {});
  await engine.call('ping', 1);
  told = [];
  await expect(engine.call('die', null)).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
  expect(await engine.call('ping', 2)).toBe(2);
  expect(told).toEqual([
    'engineReplaced = 1',
    'engine degraded: ping: its thread died',
    'engine = ping',
    'engine ok',
  ]);
  expect(engine.stats.replaced).toBe(1);
});

it('closes with its signal, also while it loads or waits for the next try', async () => {
  const hanging = keep('loading', { does: 'hang' });
  const failing = keep('loading-here', { does: 'fail' });
  await untilTold('engine degraded');
  const waiting = expect(hanging.call('ping', 1)).rejects.toMatchObject({ code: 'CLOSED' });
  stop.abort();
  await waiting;
  await Promise.all([hanging.close(), failing.close()]);
  await expect(failing.call('ping', 1)).rejects.toMatchObject({ code: 'CLOSED' });
});

it('does not open at all when its signal has fired', async () => {
  stop.abort();
  const engine = keep('loading', {});
  await engine.close();
  await expect(engine.call('ping', 1)).rejects.toMatchObject({ code: 'CLOSED' });
});
