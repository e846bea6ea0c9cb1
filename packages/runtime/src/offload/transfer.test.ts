/** Buffers: handed over where nobody else uses them, copied where somebody does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEngine, type RunningEngine } from './engine.ts';
import type { Buffers } from './fixtures/buffers.ts';
import { pack } from './parcel.ts';
import { siblingModule } from './sibling.ts';

let engine: RunningEngine<Buffers>;
beforeAll(async () => {
  const module = siblingModule(import.meta.url, './fixtures/buffers');
  engine = await openEngine({ name: 'buffers', module, methods: ['lengthOf', 'give', 'kept'] });
});
afterAll(() => engine.close());

describe('a buffer that goes to the thread', () => {
  it('is handed over when the caller says so, and is empty here then', async () => {
    const samples = new Int16Array(1_000);
    expect(await engine.call('lengthOf', samples, { transfer: [samples.buffer] })).toBe(1_000);
    expect(samples.buffer.detached).toBe(true);
  });

  it('is copied otherwise', async () => {
    const samples = new Int16Array(1_000);
    expect(await engine.call('lengthOf', samples)).toBe(1_000);
    expect(samples).toHaveLength(1_000);
  });

  it('is copied when it is seen in part only, though the caller offers it', async () => {
    const all = new Int16Array(1_000);
    const part = all.subarray(0, 10);
    expect(await engine.call('lengthOf', part, { transfer: [all.buffer] })).toBe(10);
    expect(all.buffer.detached).toBe(false);
  });

  it('stays when the call never reaches the thread', async () => {
    const samples = new Int16Array(10);
    const signal = AbortSignal.abort();
    const call = engine.call('lengthOf', samples, { transfer: [samples.buffer], signal });
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(samples).toHaveLength(10);
  });
});

describe('a buffer that comes from the thread', () => {
  it('is handed over', async () => {
    expect(await engine.call('give', 'whole')).toEqual(new Int16Array([1, 2, 3]));
    expect(await engine.call('kept', null)).toBe(0);
  });

  it('is handed over from deep inside a value', async () => {
    const given = await engine.call('give', 'nested');
    expect(given).toEqual({ pieces: [{ samples: new Float32Array([0.5]) }] });
    expect(await engine.call('kept', null)).toBe(0);
  });

  it('is copied when it is a part of a larger one, and the larger one stays whole', async () => {
    const part = await engine.call('give', 'part');
    expect(part).toEqual(new Uint8Array(10).fill(7));
    expect(part).toHaveProperty('buffer.byteLength', 10);
    expect(await engine.call('kept', null)).toBe(1_024);
  });

  it('may come from the pool of Node', async () => {
    const given = await engine.call('give', 'pool');
    expect(given).toEqual(new Uint8Array(Buffer.from('from the pool')));
    expect(given).toHaveProperty('buffer.byteLength', 13);
  });

  it('is copied when it cannot be handed over, as the memory of a WASM module', async () => {
    expect(await engine.call('give', 'wasm')).toHaveProperty('byteLength', 65_536);
  });
});

describe('a parcel', () => {
  it('keeps the kind of view, shared parts and circles', () => {
    const doubles = new Float64Array([1, 2, 3]).subarray(1, 2);
    const view = new DataView(new ArrayBuffer(8), 2, 4);
    const value: Record<string, unknown> = { doubles, again: doubles, view };
    value['self'] = value;
    const packed = pack(value);
    const clone = structuredClone(packed.value, { transfer: packed.transfer });
    expect(clone).toMatchObject({ doubles: new Float64Array([2]) });
    expect(packed.transfer).toHaveLength(2);
    expect(clone).toHaveProperty('view.byteLength', 4);
    if (typeof clone !== 'object' || clone === null) throw new Error('not an object');
    expect(Reflect.get(clone, 'self')).toBe(clone);
    expect(Reflect.get(clone, 'again')).toBe(Reflect.get(clone, 'doubles'));
  });

  it('hands a buffer over once, however many views show it', () => {
    const whole = new Uint8Array(8);
    expect(pack([whole, new Int16Array(whole.buffer)]).transfer).toEqual([whole.buffer]);
  });

  it('never offers shared memory', () => {
    expect(pack(new Int32Array(new SharedArrayBuffer(8))).transfer).toEqual([]);
  });

  it('never detaches the pool of Node', () => {
    const small = Buffer.from('pool');
    const { value, transfer } = pack({ small });
    structuredClone(value, { transfer });
    expect(small.toString()).toBe('pool');
  });
});
