/** What `hearth-llm` does without a broker. */
import { exampleOf } from '@hearth/core';
import { type CommandSpec, type HealthReporter, UserError } from '@hearth/runtime';
import type { z } from 'zod';
import { openGenerator } from './choose.ts';
import type { settings } from './config.ts';
import { createBuiltin } from './engines/builtin.ts';
import type { Tools } from './engines/generator.ts';

type Settings = z.infer<typeof settings>;

export const answerCommand: CommandSpec<Settings> = {
  name: 'answer',
  args: '<text...>',
  about: 'answers a question; memory and tools take no part',
  async run({ settings, args, log, signal, print }) {
    const text = args.join(' ').trim();
    if (text === '') throw new UserError('NO_TEXT', 'Say what is to be answered.');
    const builtin = createBuiltin({ timeZone: settings.HEARTH_TIME_ZONE });
    const engine = await openGenerator({ settings, builtin, health: UNHEARD, log });
    const question = { text, history: [], now: Date.now(), turnId: 'command-line' };
    let answer = '';
    let intent: string | undefined;
    let answering = engine.name;
    for await (const piece of engine.generateAsync(question, { tools: NO_MEMORY, signal })) {
      answer += piece.text;
      intent = piece.intent;
      answering = piece.engine ?? answering;
    }
    print(answer, { text: answer, intent, engine: answering });
  },
};

export const intentsCommand: CommandSpec<Settings> = {
  name: 'intents',
  args: '',
  about: 'lists what can be said aloud, with an example each; --json has every pattern',
  async run({ settings, print }) {
    const { grammar, intents } = createBuiltin({ timeZone: settings.HEARTH_TIME_ZONE });
    const examples = new Map<string, string>();
    for (const { intent, root } of grammar.patterns) {
      if (!examples.has(intent))
        examples.set(
          intent,
          exampleOf(root, grammar.lists, () => 0),
        );
    }
    const lines = [...examples].map(([intent, example]) => `${intent.padEnd(22)} ${example}`);
    print(lines.join('\n'), intents);
  },
};

const NO_MEMORY: Tools = {
  recall: noMemory,
  remember: noMemory,
  forget: noMemory,
  offers: () => [],
  use: noMemory,
  callTool: noMemory,
};

/** Nobody reads the health of a command; what is wrong is in its log. */
const UNHEARD: HealthReporter = {
  degraded: () => undefined,
  ok: () => undefined,
  detail: () => undefined,
};

function noMemory(): Promise<never> {
  return Promise.reject(new UserError('NO_MEMORY', 'There is no memory without a broker.'));
}
