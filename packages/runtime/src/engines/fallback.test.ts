import { afterEach, describe, expect, it, vi } from 'vitest';
import { RuntimeError } from '../errors.ts';
import { openEngine, type RunningEngine } from '../offload/engine.ts';
import { siblingModule } from '../offload/sibling.ts';
import { fallbackHealth, withFallback } from './fallback.ts';

interface Port {
  answer(samples: Int16Array): string;
}

const module = siblingModule(import.meta.url, './fixtures/answering');
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

async function start(options: { name: string; fails?: boolean; hangs?: boolean }) {
  return await openEngine<Port>({ name: options.name, module, options, methods: ['answer'] });
}

async function pair(
  first: { fails?: boolean; hangs?: boolean },
  isCallersFault?: (thrown: unknown) => boolean,
) {
  const health = { degraded: vi.fn(), ok: vi.fn(), detail: vi.fn() };
  const far = await start({ name: 'far', ...first });
  const near = await start({ name: 'near' });
  const engine: RunningEngine<Port> = withFallback(far, near, {
    health,
    log: { warn: vi.fn() },
    ...(isCallersFault && { isCallersFault }),
  });
  open.push(engine);
  return { engine, health, far };
}

const samples = () => new Int16Array([1, 2, 3]);

describe('an engine with a fallback', () => {
  it('answers itself as long as it can', async () => {
    const { engine, health } = await pair({});
    expect(await engine.call('answer', samples())).toBe('far 3');
    expect(health.ok).toHaveBeenCalledWith('engine');
  });

  it('that fails is stood in for, with the whole input, and health says so', async () => {
    const { engine, health } = await pair({ fails: true });
    const input = samples();
    expect(await engine.call('answer', input, { transfer: [input.buffer] })).toBe('near 3');
    expect(health.degraded).toHaveBeenCalledWith(
      'engine',
      'far: answer failed; near answers instead',
    );
    expect(health.ok).not.toHaveBeenCalled();
  });

  it('is not stood in for when its caller has gone', async () => {
    const { engine, health } = await pair({ hangs: true });
    const stop = new AbortController();
    const call = engine.call('answer', samples(), { signal: stop.signal });
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(health.degraded).not.toHaveBeenCalled();
  });

  it('is not stood in for when its caller is at fault', async () => {
    const { engine, health } = await pair({ fails: true }, () => true);
    await expect(engine.call('answer', samples())).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    expect(health.degraded).not.toHaveBeenCalled();
  });

  it('is not stood in for when both are closed', async () => {
    const { engine, far } = await pair({});
    await engine.close();
    await expect(engine.call('answer', samples())).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(far.call('answer', samples())).rejects.toThrow(RuntimeError);
  });

  it('keeps the health of the fallback apart from its own', () => {
    const health = { degraded: vi.fn(), ok: vi.fn(), detail: vi.fn() };
    const second = fallbackHealth(health);
    second.degraded('engine', 'gone');
    second.detail('engineReplaced', 1);
    expect(health.degraded).toHaveBeenCalledWith('fallback', 'gone');
    expect(health.detail).toHaveBeenCalledWith('fallbackReplaced', 1);
  });
});
