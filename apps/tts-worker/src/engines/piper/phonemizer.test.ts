import { describe, expect, it } from 'vitest';
import { createPhonemizer, type PhonemizerFactory } from './phonemizer.ts';

/** Modules that count, and do as they are told: answer, print an error, or abort. */
function makeModules(behave: (args: readonly string[]) => string | undefined) {
  let made = 0;
  const create: PhonemizerFactory = async ({ print, printErr }) => {
    made += 1;
    return {
      callMain(args) {
        const answer = behave(args);
        if (answer === undefined) printErr('espeak: no such voice');
        else print(answer);
      },
    };
  };
  return { load: async () => create, made: () => made };
}

/** One call as the library makes it. */
async function phonemize(factory: PhonemizerFactory, text: string): Promise<string[]> {
  const printed: string[] = [];
  const options = { print: (line: string) => void printed.push(line), printErr() {} };
  const module = await factory({ ...options, locateFile: (name) => name });
  module.callMain(['--input', text]);
  return printed;
}

describe('the phonemizer', () => {
  it('uses one module for many sentences, and a new one before the old one aborts', async () => {
    const modules = makeModules((args) => `{"phoneme_ids":[${args.length}]}`);
    const factory = createPhonemizer(modules.load, 3);
    for (let i = 0; i < 3; i++) await phonemize(factory, 'a');
    expect(modules.made()).toBe(1);
    expect(await phonemize(factory, 'a')).toEqual(['{"phoneme_ids":[2]}']);
    expect(modules.made()).toBe(2);
  });

  it.each(['abort', 'error'])('answers in any case, and starts anew after an %s', async (kind) => {
    let broken = true;
    const modules = makeModules(() => {
      if (broken && kind === 'abort') throw new Error('Aborted()');
      return broken ? undefined : '{"phoneme_ids":[1]}';
    });
    const factory = createPhonemizer(modules.load);
    expect(await phonemize(factory, 'a')).toEqual(['{"phoneme_ids":[]}']);
    broken = false;
    expect(await phonemize(factory, 'a')).toEqual(['{"phoneme_ids":[1]}']);
    expect(modules.made()).toBe(2);
  });
});
