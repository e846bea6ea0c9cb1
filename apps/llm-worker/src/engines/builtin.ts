/** The engine that needs no model: it matches the sentence against its intents and lets the intent answer. */
import type { Intents } from '@hearth/contracts';
import { compileGrammar, createSentenceCutter, type Grammar, matchIntent } from '@hearth/core';
import type { KnownDevices } from '../intents/devices.ts';
import { understood } from '../intents/index.ts';
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
  /** From now on, these are the devices that can be named. @throws CoreError when a name breaks the grammar; the old ones stay */
  learn(devices: KnownDevices): void;
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
  let known = compile([]);

  async function answer(question: Question, { tools }: GenerateOptions) {
    // Kept for this answer: devices may come and go while it grows.
    const { grammar, spoken } = known;
    const match = matchIntent(grammar, question.text);
    const intent = spoken.find(({ name }) => name === match?.intent) ?? UNKNOWN;
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
    get intents() {
      return known.intents;
    },
    get grammar() {
      return known.grammar;
    },
    learn(devices) {
      known = compile(devices);
    },
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

function compile(devices: KnownDevices) {
  const { intents: spoken, lists } = understood(devices);
  const intents: Intents = {
    intents: spoken.map(({ name, patterns }) => ({ name, patterns: [...patterns] })),
    lists: Object.fromEntries(Object.entries(lists).map(([list, values]) => [list, [...values]])),
  };
  return { spoken, intents, grammar: compileGrammar(intents) };
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
