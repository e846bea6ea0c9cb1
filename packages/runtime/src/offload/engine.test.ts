/** Where engines run, in which order, with how many waiting, and how calls and engines end. */
import { readFile } from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { type AsyncTwins, methods as asyncMethods } from './fixtures/async-twins.ts';
import { type Blocking, methods as blockingMethods } from './fixtures/blocking.ts';
import { createGate } from './fixtures/gate.ts';
import { type Loading, methods as loadingMethods } from './fixtures/loading.ts';
import type { Mixed } from './fixtures/mixed.ts';
import { openEngine, type RunningEngine } from './engine.ts';
import { siblingModule } from './sibling.ts';
import type { EngineSpec } from './spec.ts';
import { loopGap } from '../loop-gap.ts';

const open: RunningEngine<never>[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

async function start<Port>(
  fixture: string,
  spec: Partial<EngineSpec> & Pick<EngineSpec, 'methods'>,
): Promise<RunningEngine<Port>> {
  const module = siblingModule(import.meta.url, `./fixtures/${fixture}`);
  const engine = await openEngine<Port>({ name: fixture, module, ...spec });
  open.push(engine);
  return engine;
}

const startBlocking = (spec: Partial<EngineSpec> = {}) =>
  start<Blocking>('blocking', { methods: blockingMethods, ...spec });
const startAsync = () => start<AsyncTwins>('async-twins', { methods: asyncMethods });

describe('where an engine runs', () => {
  it('is this thread when it has an async twin of each method', async () => {
    const engine = await startAsync();
    expect(engine.offloaded).toBe(false);
    expect(await engine.call('whereAmI', null)).toBe(threadId);
    expect(await engine.call('echo', 'hi')).toBe('hi');
  });

  it('is a thread of its own when a method has no async twin', async () => {
    const engine = await startBlocking();
    expect(engine.offloaded).toBe(true);
    expect(await engine.call('whereAmI', null)).not.toBe(threadId);
  });

  it('is one thread for all methods when only some have a twin, and the twin is preferred there', async () => {
    const engine = await start<Mixed>('mixed', { methods: ['quick', 'slow'] });
    const slow = await engine.call('slow', null);
    expect(slow).not.toBe(`slow in ${threadId}`);
    expect(await engine.call('quick', null)).toBe(slow.replace('slow', 'quickAsync'));
  });

  it('is this thread when the methods asked for all have a twin', async () => {
    const engine = await start<Mixed>('mixed', { methods: ['quick'] });
    expect(engine.offloaded).toBe(false);
  });

  it('is another thread for each of two engines, which work at once', async () => {
    const [one, two] = await Promise.all([startBlocking(), startBlocking()]);
    const [gateOne, gateTwo] = [createGate(), createGate()];
    const held = [one.call('hold', gateOne.cells), two.call('hold', gateTwo.cells)];
    await Promise.all([gateOne.begun(), gateTwo.begun()]);
    gateOne.open();
    gateTwo.open();
    expect(await Promise.all(held)).toEqual(['held', 'held']);
  });

  it('does not matter to a method that returns a promise', async () => {
    const engine = await startBlocking();
    expect(await engine.call('promise', 1)).toBe(2);
  });
});

describe('what an engine has', () => {
  it.each([['blocking', blockingMethods] as const])('is told by has', async (fixture, methods) => {
    const engine = await start<Blocking>(fixture, { methods });
    expect(engine.has('spin')).toBe(true);
    expect(engine.has('neverThere')).toBe(false);
    await expect(engine.call('neverThere', null)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: 'blocking: has no neverThere',
    });
  });

  it('must be a class named Engine with one of the methods', async () => {
    await expect(start('no-engine', { methods: ['run'] })).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: 'no-engine: cannot load: the module exports no class named Engine',
    });
    await expect(start('blocking', { methods: ['embed'] })).rejects.toMatchObject({
      message: 'blocking: cannot load: the class Engine has none of embed',
    });
    await expect(start('not-a-file', { methods: ['run'] })).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      cause: { message: expect.stringContaining('not-a-file') },
    });
  });
});

describe('load', () => {
  it.each(['loading', 'loading-here'])('that fails rejects openEngine (%s)', async (fixture) => {
    const options = { does: 'fail' };
    const opening = start<Loading>(fixture, { methods: loadingMethods, options });
    await expect(opening).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: `${fixture}: cannot load: model file missing`,
      cause: { name: 'Error', message: 'model file missing', code: 'E_MODEL' },
    });
  });

  it('that misses its package says which', async () => {
    const opening = start<Loading>('loading', {
      methods: loadingMethods,
      options: { does: 'import' },
    });
    await expect(opening).rejects.toThrow('hearth-no-such-package');
  });

  it('that ends the thread rejects openEngine with the last thing the library printed', async () => {
    const opening = start<Loading>('loading', {
      methods: loadingMethods,
      options: { does: 'exit' },
    });
    await expect(opening).rejects.toThrow(
      'loading: cannot load: exit code 5: cannot map the model',
    );
  });

  it.each([
    ['loading', 'hang'],
    ['loading', 'spin'],
    ['loading-here', 'hang'],
  ])('that takes too long rejects openEngine (%s, %s)', async (fixture, does) => {
    const spec = { methods: loadingMethods, options: { does }, loadLimitMs: 100 };
    const opening = start<Loading>(fixture, { ...spec, terminable: true });
    await expect(opening).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it.each(['loading', 'loading-here'])('is given up by a signal (%s)', async (name) => {
    const module = siblingModule(import.meta.url, `./fixtures/${name}`);
    const spec = { name, module, methods: loadingMethods, options: { does: 'hang' } };
    const signal = AbortSignal.abort('changed my mind');
    await expect(
      openEngine<Loading>({ ...spec, terminable: true }, { signal }),
    ).rejects.toMatchObject({ code: 'CANCELLED', cause: 'changed my mind' });
  });

  it.each(['loading', 'loading-here'])('may tell how far it is (%s)', async (name) => {
    const module = siblingModule(import.meta.url, `./fixtures/${name}`);
    const seen: unknown[] = [];
    const engine = await openEngine<Loading>(
      { name, module, methods: loadingMethods, options: { does: 'report' } },
      { onChange: (change) => seen.push(change) },
    );
    open.push(engine);
    expect(seen).toEqual([
      { to: 'loading', note: 'half' },
      { to: 'loading', note: 'done' },
      { to: 'ready' },
    ]);
  });

  it('needs options that can travel to a thread', async () => {
    const options = { callback: () => {} };
    await expect(startBlocking({ options })).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
  });
});

describe('the line of calls', () => {
  it('answers in order, one at a time', async () => {
    const engine = await startBlocking();
    const answers: number[] = [];
    const calls = [3, 1, 2].map(async (ms) => answers.push(await engine.call('spin', ms)));
    expect(engine.stats.pending).toBe(3);
    await Promise.all(calls);
    expect(answers).toEqual([3, 1, 2]);
    expect(engine.stats).toEqual({ pending: 0, replaced: 0 });
  });

  it('refuses a call beyond its limit at once, and takes calls again when there is room', async () => {
    const engine = await startBlocking({ queueLimit: 2 });
    const gate = createGate();
    const held = engine.call('hold', gate.cells);
    const waiting = [engine.call('echo', 1), engine.call('echo', 2)];
    await expect(engine.call('echo', 3)).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    gate.open();
    await Promise.all([held, ...waiting]);
    expect(await engine.call('echo', 4)).toBe(4);
  });

  it('lets a call that waits leave at once when its signal fires', async () => {
    const engine = await startBlocking();
    const gate = createGate();
    const held = engine.call('hold', gate.cells);
    const stop = new AbortController();
    const waiting = engine.call('echo', 'never sent', { signal: stop.signal });
    expect(engine.stats.pending).toBe(2);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(engine.stats.pending).toBe(1);
    gate.open();
    expect(await held).toBe('held');
  });

  it('rejects the caller of a running call at once and drops its result, without ending the thread', async () => {
    const engine = await startBlocking();
    const thread = await engine.call('whereAmI', null);
    const gate = createGate();
    const stop = new AbortController();
    const running = engine.call('hold', gate.cells, { signal: stop.signal });
    await gate.begun();
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });

    const next = engine.call('whereAmI', null);
    expect(engine.stats.pending).toBe(2);
    gate.open();
    expect(await next).toBe(thread);
    expect(engine.stats.replaced).toBe(0);
  });

  it('rejects with TIMEOUT when the signal is a deadline', async () => {
    const engine = await startBlocking();
    const gate = createGate();
    const running = engine.call('hold', gate.cells, { signal: AbortSignal.timeout(20) });
    await expect(running).rejects.toMatchObject({ code: 'TIMEOUT' });
    gate.open();
  });

  it('refuses a call whose signal has fired already', async () => {
    const engine = await startBlocking();
    const call = engine.call('echo', 1, { signal: AbortSignal.abort() });
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('hands the signal to the engine, which may stop early', async () => {
    const engine = await startAsync();
    const stop = new AbortController();
    const started = Promise.withResolvers<void>();
    const running = engine.call('untilAborted', started.resolve, { signal: stop.signal });
    await started.promise;
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await engine.call('echo', 'free again')).toBe('free again');
  });

  it('gives the error of an async engine as the cause', async () => {
    const engine = await startAsync();
    await expect(engine.call('fail', 'too far')).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: 'async-twins: fail failed',
      cause: { name: 'RangeError', message: 'too far', code: 'E_RANGE' },
    });
  });
});

describe('close', () => {
  it('waits for the running call and rejects those that wait', async () => {
    const engine = await startBlocking();
    const gate = createGate();
    const running = engine.call('hold', gate.cells);
    const waiting = expect(engine.call('echo', 1)).rejects.toMatchObject({ code: 'CLOSED' });
    await gate.begun();
    const closing = engine.close();
    await waiting;
    gate.open();
    expect(await running).toBe('held');
    await closing;
    await expect(engine.call('echo', 1)).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('lets the engine close what it holds', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hearth-offload-'));
    const closedFile = join(folder, 'closed');
    const engine = await startBlocking({ options: { closedFile } });
    await engine.close();
    expect(await readFile(closedFile, 'utf8')).toBe('closed');
    await rm(folder, { recursive: true });
  });

  it('does not wait for ever: past its limit the call is rejected and the thread ends by itself later', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hearth-offload-'));
    const closedFile = join(folder, 'closed');
    const engine = await startBlocking({ closeLimitMs: 50, options: { closedFile } });
    const gate = createGate();
    const running = expect(engine.call('hold', gate.cells)).rejects.toMatchObject({
      code: 'CLOSED',
    });
    await gate.begun();
    await engine.close();
    await running;
    gate.open();
    await expect.poll(() => readFile(closedFile, 'utf8').catch(() => '')).toBe('closed');
    await rm(folder, { recursive: true });
  });

  it('does not wait for ever in this thread either', async () => {
    const engine = await start<AsyncTwins>('async-twins', {
      methods: asyncMethods,
      closeLimitMs: 50,
    });
    const running = expect(engine.call('untilAborted', () => {})).rejects.toMatchObject({
      code: 'CLOSED',
    });
    await engine.close();
    await running;
  });

  it('may be asked for twice', async () => {
    const engine = await startBlocking();
    await Promise.all([engine.close(), engine.close()]);
  });
});

it('keeps the event loop turning while 100 calls of 10 ms each are under way', async () => {
  const engine = await startBlocking();
  await engine.call('spin', 1);
  const { gapMs, value } = await loopGap(() =>
    Promise.all(Array.from({ length: 100 }, () => engine.call('spin', 10))),
  );
  expect(value).toHaveLength(100);
  expect(gapMs).toBeLessThan(50);
});
