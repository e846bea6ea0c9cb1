/** Errors across the thread: name, code, message and causes stay, whatever was thrown. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEngine, type RunningEngine } from './engine.ts';
import type { Throwing, Thrown } from './fixtures/throwing.ts';
import { siblingModule } from './sibling.ts';
import { packError, unpackError } from './wire-error.ts';

let engine: RunningEngine<Throwing>;
beforeAll(async () => {
  const module = siblingModule(import.meta.url, './fixtures/throwing');
  engine = await openEngine({ name: 'throwing', module, methods: ['run', 'give'] });
});
afterAll(() => engine.close());

const decoderError = { name: 'DecoderError', code: 'E_DECODER' };
const kinds: [Thrown, object][] = [
  ['error', { ...decoderError, message: 'no such word', cause: { name: 'RangeError' } }],
  ['nested', { message: 'a', cause: { message: 'b', cause: { ...decoderError, message: 'c' } } }],
  ['circle', { message: 'round', cause: { message: 'round' } }],
  ['string', { message: 'just words' }],
  ['nothing', { message: 'threw undefined' }],
  ['uncloneable', { ...decoderError, message: 'with a function' }],
  ['trap', { message: 'threw an object without a message' }],
];

it.each(kinds)('keeps what was thrown as the cause (%s)', async (kind, cause) => {
  const error: unknown = await engine.call('run', kind).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'ENGINE_FAILED', message: 'throwing: run failed', cause });
  expect(error).toHaveProperty('cause', expect.any(Error));
});

it('tells the caller when a result or an input cannot travel', async () => {
  const lost = { code: 'ENGINE_FAILED', cause: { name: 'DataCloneError' } };
  await expect(engine.call('give', 'function')).rejects.toMatchObject(lost);
  const unsendable: unknown = () => {};
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the wrong input is the point
  await expect(engine.call('run', unsendable as Thrown)).rejects.toMatchObject(lost);
});

it('keeps the stack of the thread', () => {
  const error = new TypeError('here');
  expect(unpackError(packError(error)).stack).toBe(error.stack);
});
