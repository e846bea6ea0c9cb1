/** The engine that needs no model: it matches the sentence against its intents and lets the intent answer. */
import type { Intents } from '@hearth/contracts';
import { compileGrammar, createSentenceCutter, type Grammar, matchIntent } from '@hearth/core';
import { INTENTS, LISTS } from '../intents/index.ts';
import type { Intent } from '../intents/intent.ts';
import type { GenerateOptions, Generator, Passage, Piece, Question } from './generator.ts';

export interface BuiltinOptions {
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
}

export interface Builtin extends Generator {
  /** What a recogniser has to listen for. */
  readonly intents: Intents;
  readonly grammar: Grammar;
}

const UNKNOWN: Intent = {
  name: 'unknown',
  patterns: [],
  answer: ({ pick }) =>
    pick(
      'I did not understand that. Say help to hear what I can do.',
      'Sorry, I do not know what to make of that. Say help, and I will tell you what I can do.',
    ),
};

export function createBuiltin({ timeZone }: BuiltinOptions): Builtin {
  const intents: Intents = {
    intents: INTENTS.map(({ name, patterns }) => ({ name, patterns: [...patterns] })),
    lists: Object.fromEntries(Object.entries(LISTS).map(([list, values]) => [list, [...values]])),
  };
  const grammar = compileGrammar(intents);

  async function answer(question: Question, { tools }: GenerateOptions) {
    const match = matchIntent(grammar, question.text);
    const intent = INTENTS.find(({ name }) => name === match?.intent) ?? UNKNOWN;
    const text = await intent.answer({
      ...question,
      slots: match?.slots ?? {},
      timeZone,
      tools,
      tellsNothing: (passage) => tellsNothing(grammar, passage),
      pick: (...variants) => variants[numberFrom(question.turnId) % variants.length] ?? '',
    });
    return { text, intent: intent.name };
  }

  return {
    name: 'builtin',
    intents,
    grammar,
    async *generateAsync(question, options): AsyncGenerator<Piece> {
      options.signal.throwIfAborted();
      const { text, intent } = await answer(question, options);
      const cutter = createSentenceCutter({ firstClause: false });
      for (const piece of [...cutter.push(text), ...cutter.end()]) {
        options.signal.throwIfAborted();
        yield { text: piece, intent };
      }
    },
  };
}

const QUESTION =
  /^(?:what|where|when|who|whose|why|how|which|do|does|did|is|are|was|can|could|will)\b/i;

/** What a person asked or commanded is no answer to what they ask now; what they stated may be. */
function tellsNothing(grammar: Grammar, { text }: Passage): boolean {
  if (text.trim().endsWith('?') || QUESTION.test(text.trim())) return true;
  const match = matchIntent(grammar, text);
  return match !== undefined && match.intent !== 'memory.statement';
}

/** The same number for the same turn, evenly spread (FNV-1a). */
function numberFrom(id: string): number {
  let hash = 0x811c9dc5;
  for (const char of id) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
