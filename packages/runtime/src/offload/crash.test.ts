/** What happens when a thread dies or hangs: its call is rejected, the thread is replaced and counted. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Death, type Dying, methods } from './fixtures/dying.ts';
import { createGate } from './fixtures/gate.ts';
import {
  type Loading,
  type LoadingOptions,
  methods as loadingMethods,
} from './fixtures/loading.ts';
import { openEngine, type RunningEngine } from './engine.ts';
import { siblingModule } from './sibling.ts';
import type { EngineChange, EngineSpec } from './spec.ts';

const open: RunningEngine<never>[] = [];
let folder: string;
let seen: EngineChange[];

beforeEach(async () => {
  seen = [];
  folder = await mkdtemp(join(tmpdir(), 'hearth-offload-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(open.splice(0).map((engine) => engine.close()));
  await rm(folder, { recursive: true });
});

async function start<Port>(spec: Partial<EngineSpec> & Pick<EngineSpec, 'name' | 'methods'>) {
  const module = siblingModule(import.meta.url, `./fixtures/${spec.name}`);
  const onChange = (change: EngineChange) => seen.push(change);
  const engine = await openEngine<Port>({ module, ...spec }, { onChange });
  open.push(engine);
  return engine;
}

const startDying = (spec: Partial<EngineSpec> = {}) =>
  start<Dying>({ name: 'dying', methods, ...spec });

const times = (to: EngineChange['to']) => seen.filter((change) => change.to === to).length;

describe('a thread that dies', () => {
  const deaths: [Death, object][] = [
    ['exit', { message: 'exit code 3' }],
    ['uncaught', { message: 'nobody caught this', code: 'E_LOST' }],
    ['rejection', { message: 'nobody waited for this' }],
    ['memory', { code: 'ERR_WORKER_OUT_OF_MEMORY' }],
  ];
  it.each(deaths)(
    'rejects its call, and the next one finds a new thread (%s)',
    async (how, cause) => {
      const engine = await startDying({ resourceLimits: { maxOldGenerationSizeMb: 32 } });
      await expect(engine.call('die', how)).rejects.toMatchObject({ code: 'ENGINE_FAILED', cause });
      expect(await engine.call('ping', 1)).toBe(1);
      expect(engine.stats.replaced).toBe(1);
      expect(seen.map(({ to }) => to)).toEqual(['ready', 'replacing', 'ready']);
    },
  );

  it('leaves the calls that wait to the new thread', async () => {
    const engine = await startDying();
    const gate = createGate();
    const dying = expect(engine.call('dieAt', gate.cells)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
    });
    const waiting = [1, 2, 3].map((value) => engine.call('ping', value));
    gate.open();
    await dying;
    expect(await Promise.all(waiting)).toEqual([1, 2, 3]);
  });

  it('is replaced although nobody calls', async () => {
    const engine = await startDying();
    const stop = new AbortController();
    const gate = createGate();
    const call = engine.call('dieAt', gate.cells, { signal: stop.signal });
    await gate.begun();
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    gate.open();
    await vi.waitFor(() => expect(times('ready')).toBe(2), 10_000);
    expect(engine.stats.replaced).toBe(1);
  });

  it('shows what it printed last only when it tells of the crash: the rest may repeat what was said', async () => {
    const engine = await startDying();
    const death = engine.call('die', 'loud');
    await expect(death).rejects.toMatchObject({
      cause: { message: 'exit code 7: Aborted(stack overflow)' },
    });
  });

  it('is replaced more slowly the more often it dies in a row', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const engine = await startDying();
    await expectDeath(engine);
    await vi.advanceTimersByTimeAsync(0);
    await expectDeath(engine);
    const waiting = engine.call('ping', 1);
    await vi.advanceTimersByTimeAsync(249);
    expect(engine.stats.replaced).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(engine.stats.replaced).toBe(2);
    expect(await waiting).toBe(1);

    await expectDeath(engine);
    await vi.advanceTimersByTimeAsync(0);
    expect(engine.stats.replaced).toBe(3);
  });

  it('lets a call leave while there is no thread', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const engine = await startDying();
    await expectDeath(engine);
    const stop = new AbortController();
    const waiting = engine.call('ping', 1, { signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    const next = engine.call('ping', 2);
    await vi.advanceTimersByTimeAsync(0);
    expect(await next).toBe(2);
  });

  it('can be closed while there is no thread, and stays closed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const engine = await startDying();
    await expectDeath(engine);
    const waiting = expect(engine.call('ping', 1)).rejects.toMatchObject({ code: 'CLOSED' });
    await engine.close();
    await waiting;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(engine.stats.replaced).toBe(0);
  });

  async function expectDeath(engine: RunningEngine<Dying>): Promise<void> {
    await expect(engine.call('die', 'exit')).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
  }
});

describe('a thread that cannot be replaced', () => {
  it('rejects calls with the reason, tries again, and serves when it can', async () => {
    const needs = join(folder, 'model');
    const diary = join(folder, 'diary');
    await writeFile(needs, '');
    const options: LoadingOptions = { needs, diary };
    const engine = await start<Loading>({ name: 'loading', methods: loadingMethods, options });
    await rm(needs);
    await expect(engine.call('die', null)).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    await expect(engine.call('ping', 1)).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining('ENOENT'),
    });
    expect(seen.at(-1)?.to).toBe('unavailable');

    await writeFile(needs, '');
    await vi.waitFor(() => expect(seen.at(-1)?.to).toBe('ready'), 10_000);
    expect(await engine.call('ping', 1)).toBe(1);
    expect((await readFile(diary, 'utf8')).split('\n').length).toBeGreaterThan(3);
  });
});

describe('a call that hangs', () => {
  it('is rejected at its limit, and the engine gets a new thread', async () => {
    const engine = await startDying({ callLimitMs: 200 });
    await expect(engine.call('hang', null)).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: 'dying: hang took longer than 200 ms',
    });
    expect(await engine.call('ping', 1)).toBe(1);
    expect(engine.stats.replaced).toBe(1);
  });

  it('does not take one thread after the other: with two of them lost the engine is unavailable', async () => {
    const engine = await startDying({ callLimitMs: 100 });
    for (const _ of [1, 2])
      await expect(engine.call('hang', null)).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect(engine.call('ping', 1)).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: 'dying: 2 calls hang, none ends',
    });
    expect(engine.stats.replaced).toBe(1);
  });

  it('in an engine without native code is terminated', async () => {
    const engine = await startDying({ callLimitMs: 200, terminable: true });
    for (const _ of [1, 2, 3, 4])
      await expect(engine.call('spin', null)).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(await engine.call('ping', 1)).toBe(1);
  });
});
