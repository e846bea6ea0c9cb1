import { describe, expect, it, vi } from 'vitest';
import { createBuiltin } from './builtin.ts';
import type { Generator, Piece } from './generator.ts';
import { ModelError } from './model-error.ts';
import { ask } from './provider-fixture.ts';
import { withStandIn } from './stand-in.ts';

const builtin = createBuiltin({ timeZone: 'UTC' });

function standIn(generateAsync: Generator['generateAsync']) {
  const health = { degraded: vi.fn(), ok: vi.fn() };
  const log = { warn: vi.fn() };
  const engine = withStandIn({ name: 'model', generateAsync }, builtin, { health, log });
  return { engine, health, log };
}

async function* away(): AsyncGenerator<Piece> {
  yield* [];
  throw new ModelError('LLM_UNREACHABLE', 'the language model cannot be reached');
}

async function* breaking(): AsyncGenerator<Piece> {
  yield { text: 'The answer ' };
  throw new ModelError('LLM_DISCONNECTED', 'the language model broke off');
}

async function* well(): AsyncGenerator<Piece> {
  yield { text: 'The answer is 42.' };
}

describe('a language model with the built-in engine behind it', () => {
  it('answers itself as long as it can, and is well then', async () => {
    const { engine, health } = standIn(well);
    const { pieces } = await ask(engine, 'what time is it');
    expect(pieces).toEqual([{ text: 'The answer is 42.' }]);
    expect(health.ok).toHaveBeenCalledWith('engine');
  });

  it('that is away is stood in for, health says so, and the answer names who gave it', async () => {
    const { engine, health } = standIn(away);
    const { text, pieces, notes } = await ask(engine, 'what is fifteen times three');
    expect(text).toBe('Fifteen times three is 45.');
    expect(pieces[0]).toMatchObject({ engine: 'builtin', intent: 'arithmetic.calculate' });
    expect(health.degraded).toHaveBeenCalledWith(
      'engine',
      'the language model cannot be reached; builtin answers instead',
    );
    expect(health.ok).not.toHaveBeenCalled();
    expect(notes).toEqual(['instead-of-model LLM_UNREACHABLE']);
  });

  it('that is away lets the user know what cannot be answered, and why', async () => {
    const { engine } = standIn(away);
    const { text } = await ask(engine, 'who won the world cup');
    expect(text).toContain('my language model cannot be reached right now');
    expect(text).toContain('say help');
  });

  it('that breaks off in its answer is an error: nobody takes over in the middle of a sentence', async () => {
    const { engine, health } = standIn(breaking);
    const said: string[] = [];
    const asked = ask(engine, 'what time is it', { onPiece: ({ text }) => said.push(text) });
    await expect(asked).rejects.toMatchObject({ code: 'LLM_DISCONNECTED' });
    expect(said).toEqual(['The answer ']);
    expect(health.degraded).toHaveBeenCalledWith('engine', 'the language model broke off');
  });

  it('is not stood in for when the turn was cancelled', async () => {
    const stop = new AbortController();
    const { engine, health } = standIn(async function* () {
      yield* [];
      stop.abort();
      throw new Error('aborted');
    });
    await expect(ask(engine, 'help', { signal: stop.signal })).rejects.toThrow();
    expect(health.degraded).not.toHaveBeenCalled();
  });

  it('repeats nothing of a foreign error', async () => {
    const { engine, health, log } = standIn(async function* () {
      yield* [];
      throw new TypeError('cannot handle secret words');
    });
    await ask(engine, 'help');
    expect(JSON.stringify([health.degraded.mock.calls, log.warn.mock.calls])).not.toContain(
      'secret',
    );
  });
});
