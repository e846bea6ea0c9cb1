import { compileGrammar, toJsgf } from '@hearth/core';
import { openEngine, RuntimeError, type RunningEngine, siblingModule } from '@hearth/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import type { Sentences, Transcriber } from './engines/transcriber.ts';
import { HOUSE } from './fixtures/house.ts';
import { tone } from './fixtures/sounds.ts';
import { createRecogniser } from './recogniser.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

async function start(name: string): Promise<RunningEngine<Transcriber>> {
  const module = siblingModule(import.meta.url, `./fixtures/${name}`);
  const methods = ['transcribe', 'listen', 'learn'];
  const engine = await openEngine<Transcriber>({ name, module, methods });
  open.push(engine);
  return engine;
}

const speech = { samples: tone(1, -20), speechMs: 1_000 };
const patient = new AbortController().signal;

describe('a recogniser with an engine that takes dictation', () => {
  it('need not be taught, and takes no harm from it', async () => {
    const recogniser = createRecogniser(await start('dictation'));
    expect(await recogniser.transcribe(speech, patient)).toEqual({
      text: '16000 Samples.',
      confidence: 1,
      speechMs: 1_000,
      engine: 'dictation',
    });
    await recogniser.teach(HOUSE);
    expect(await recogniser.transcribe(speech, patient)).not.toHaveProperty('error');
  });

  it('tells nothing before the end', async () => {
    const recogniser = createRecogniser(await start('dictation'));
    expect(await recogniser.listen({ utterance: 'a', from: 0, samples: tone(1, -20) })).toBe('');
  });
});

describe('a recogniser with an engine that is not there yet', () => {
  it('teaches it when it is', async () => {
    const learnt: Sentences[] = [];
    let there = false;
    const engine = engineOf((method, input) => {
      if (!there) throw new RuntimeError('ENGINE_UNAVAILABLE', 'no model');
      if (method === 'learn') return void learnt.push(input);
      if (learnt.length > 0) return { text: 'hello', confidence: 0.9, heardBy: 'another' };
      const cause = Object.assign(new Error('untaught'), { code: 'UNTAUGHT' });
      throw new RuntimeError('ENGINE_FAILED', 'failed', { cause });
    });
    const recogniser = createRecogniser(engine);
    await expect(recogniser.teach(HOUSE)).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
    there = true;
    const heard = await recogniser.transcribe(speech, patient);
    expect(heard).toMatchObject({ text: 'hello', engine: 'another' });
    expect(learnt).toEqual([toJsgf(compileGrammar(HOUSE))]);
  });

  it('cuts off what nobody can have said in a minute', async () => {
    const engine = engineOf(() => ({ text: 'ha '.repeat(9_000), confidence: 1 }));
    const heard = await createRecogniser(engine).transcribe(speech, patient);
    expect(heard.text.length).toBe(4_000);
  });
});

/** The outside of an engine, for states that a real one is in only for moments. */
function engineOf(answer: (method: string, input: never) => unknown): RunningEngine<Transcriber> {
  return {
    name: 'made up',
    offloaded: false,
    has: () => true,
    async call(method, input) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the real one does
      return (await answer(method, input as never)) as never;
    },
    stats: { pending: 0, replaced: 0 },
    close: async () => {},
  };
}
