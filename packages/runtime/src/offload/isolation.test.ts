/** An engine in a process of its own: what a crash of native code would do to a thread, and so to the service. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openEngine, type RunningEngine } from './engine.ts';
import { type Crash, type Crashing, methods } from './fixtures/crashing.ts';
import { siblingModule } from './sibling.ts';
import type { EngineChange, EngineSpec } from './spec.ts';

const open: RunningEngine<Crashing>[] = [];
const commands: ChildProcess[] = [];
let seen: EngineChange[] = [];
afterEach(async () => {
  seen = [];
  for (const command of commands.splice(0)) command.kill('SIGKILL');
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

const module = siblingModule(import.meta.url, './fixtures/crashing');

async function start(spec: Partial<EngineSpec> = {}): Promise<RunningEngine<Crashing>> {
  const engine = await openEngine<Crashing>(
    { name: 'crashing', module, methods, isolation: 'process', ...spec },
    { onChange: (change) => seen.push(change) },
  );
  open.push(engine);
  return engine;
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const gone = (pid: number) => vi.waitFor(() => expect(lives(pid)).toBe(false), 10_000);

describe('an engine in a process of its own', () => {
  it('is there also when all of its methods are asynchronous', async () => {
    const engine = await start();
    expect(engine.offloaded).toBe(true);
    expect(await engine.call('whereAmI', null)).not.toBe(process.pid);
  });

  it('takes and gives buffers as they are, and leaves those of its caller alone', async () => {
    const engine = await start();
    const samples = new Float32Array([0, 0.5, 1]);
    const part = samples.subarray(1);
    expect(await engine.call('add', part)).toEqual({ plusOne: new Float32Array([1.5, 2]) });
    expect(samples.length).toBe(3);
  });

  it('refuses an input that cannot travel', async () => {
    const engine = await start();
    // @ts-expect-error -- what the port does not allow
    const call = engine.call('add', () => {});
    await expect(call).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    expect(await engine.call('whereAmI', null)).toBeGreaterThan(0);
  });

  it('that cannot load says why', async () => {
    await expect(start({ options: { cannotLoad: true } })).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: 'crashing: cannot load: model file missing',
      cause: { code: 'MODEL_MISSING' },
    });
  });

  it('hears that nobody waits any more', async () => {
    const engine = await start();
    const stop = new AbortController();
    const call = engine.call('waitForAbort', null, { signal: stop.signal });
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await engine.call('whereAmI', null)).toBeGreaterThan(0);
    expect(engine.stats.replaced).toBe(0);
  });

  it('ends when it is closed', async () => {
    const engine = await start();
    const pid = await engine.call('whereAmI', null);
    await engine.close();
    expect(lives(pid)).toBe(false);
  });
});

describe('a process that dies', () => {
  const crashes: [Crash, object][] = [
    ['abort', { message: expect.stringContaining('signal SIGABRT') }],
    ['exit', { message: 'exit code 3' }],
    ['uncaught', { message: 'nobody caught this', code: 'E_LOST' }],
    ['memory', { message: expect.stringContaining('out of memory') }],
  ];
  it.each(crashes)('takes only its call with it, and is replaced (%s)', async (how, cause) => {
    const engine = await start({ resourceLimits: { maxOldGenerationSizeMb: 32 } });
    await expect(engine.call('crash', how)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringContaining('its process died'),
      cause,
    });
    expect(await engine.call('whereAmI', null)).toBeGreaterThan(0);
    expect(engine.stats.replaced).toBe(1);
    expect(seen.map(({ to }) => to)).toEqual(['ready', 'replacing', 'ready']);
  });

  it('outside of a call is replaced too', async () => {
    const engine = await start();
    const pid = await engine.call('whereAmI', null);
    process.kill(pid, 'SIGSEGV');
    await vi.waitFor(() => expect(engine.stats.replaced).toBe(1), 10_000);
    expect(await engine.call('whereAmI', null)).not.toBe(pid);
  });

  it('is not killed by the signals that stop the service: that decides', async () => {
    const engine = await start();
    const pid = await engine.call('whereAmI', null);
    process.kill(pid, 'SIGINT');
    process.kill(pid, 'SIGTERM');
    expect(await engine.call('whereAmI', null)).toBe(pid);
    expect(engine.stats.replaced).toBe(0);
  });
});

describe('a call that hangs in a process', () => {
  it('is ended by force, as often as it takes', async () => {
    const engine = await start({ callLimitMs: 1_000 });
    const pids: number[] = [];
    for (const _ of [1, 2, 3]) {
      pids.push(await engine.call('whereAmI', null));
      await expect(engine.call('spin', null)).rejects.toMatchObject({ code: 'TIMEOUT' });
    }
    expect(await engine.call('whereAmI', null)).toBeGreaterThan(0);
    for (const pid of pids) await gone(pid);
  });
});

describe('the process of an engine ends with the service', () => {
  const ends: [string, string, NodeJS.Signals | undefined][] = [
    ['that is killed', 'waitForAbort', 'SIGKILL'],
    ['that exits in the middle of a call', 'spin', undefined],
  ];
  it.each(ends)('%s', async (_, doing, signal) => {
    const script = fileURLToPath(siblingModule(import.meta.url, './fixtures/orphan'));
    const args = [script, doing, signal ? 'stay' : 'exit'];
    const command = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    commands.push(command);
    const [line] = await once(command.stdout, 'data');
    const pid = Number(line);
    expect(lives(pid)).toBe(true);
    if (signal) command.kill(signal);
    await gone(pid);
    await text(command.stdout);
  });
});
