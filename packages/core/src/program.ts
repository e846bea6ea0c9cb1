/** A sentence pattern as a small program, and the run of it over the words of a text. */
import type { Pattern } from './pattern.ts';
import { tokenize } from './tokens.ts';
import type { ValueTree } from './value-tree.ts';

/** Instructions run on from one to the next; targets are indexes. */
export type Instruction =
  | { readonly do: 'word'; readonly text: string }
  | { readonly do: 'try'; readonly first: number; readonly second: number }
  | { readonly do: 'jump'; readonly to: number }
  | { readonly do: 'number'; readonly slot: string }
  | { readonly do: 'value'; readonly slot: string; readonly values: ValueTree }
  | { readonly do: 'any'; readonly operator: boolean | undefined }
  | { readonly do: 'open' | 'close'; readonly slot: string }
  | { readonly do: 'accept' };

type Lists = (list: string) => ValueTree;

export function compilePattern(pattern: Pattern, lists: Lists): Instruction[] {
  return [...instructions(pattern, 0, lists), { do: 'accept' }];
}

/** @param at the index that the first instruction will have */
function instructions(pattern: Pattern, at: number, lists: Lists): Instruction[] {
  switch (pattern.kind) {
    case 'word':
      return tokenize(pattern.word).map(({ text }) => ({ do: 'word', text }));
    case 'sequence':
      return sequence(pattern.items, at, lists);
    case 'choice':
      return choice(pattern.options, at, lists);
    case 'optional': {
      const body = instructions(pattern.item, at + 1, lists);
      return [{ do: 'try', first: at + 1, second: at + 1 + body.length }, ...body];
    }
    case 'list':
      return [{ do: 'value', slot: pattern.slot, values: lists(pattern.list) }];
    case 'number':
      return [{ do: 'number', slot: pattern.slot }];
    case 'part':
      return kept(pattern.slot, instructions(pattern.item, at + 1, lists));
    case 'text':
      return kept(pattern.slot, repeat(at + 1, undefined));
    case 'arithmetic':
      // An operator must be among the words, else every number would be a sum.
      return kept(pattern.slot, [
        ...repeat(at + 1, false),
        { do: 'any', operator: true },
        { do: 'try', first: at + 5, second: at + 7 },
        { do: 'any', operator: false },
        { do: 'jump', to: at + 4 },
      ]);
  }
}

function sequence(items: readonly Pattern[], at: number, lists: Lists): Instruction[] {
  const done: Instruction[] = [];
  for (const item of joinWords(items)) done.push(...instructions(item, at + done.length, lists));
  return done;
}

/** Words that follow each other are read together, as they are in a text: `twenty five` is one number. */
function joinWords(items: readonly Pattern[]): Pattern[] {
  const joined: Pattern[] = [];
  for (const item of items) {
    const last = joined.at(-1);
    if (item.kind === 'word' && last?.kind === 'word') {
      joined[joined.length - 1] = { kind: 'word', word: `${last.word} ${item.word}` };
    } else {
      joined.push(item);
    }
  }
  return joined;
}

function choice(options: readonly Pattern[], at: number, lists: Lists): Instruction[] {
  const [first, ...rest] = options;
  if (!first) return [];
  if (rest.length === 0) return instructions(first, at, lists);
  const body = instructions(first, at + 1, lists);
  const second = at + 1 + body.length + 1;
  const others = choice(rest, second, lists);
  return [
    { do: 'try', first: at + 1, second },
    ...body,
    { do: 'jump', to: second + others.length },
    ...others,
  ];
}

function kept(slot: string, body: readonly Instruction[]): Instruction[] {
  return [{ do: 'open', slot }, ...body, { do: 'close', slot }];
}

/** One or more words, as many as possible. */
function repeat(at: number, operator: boolean | undefined): Instruction[] {
  return [
    { do: 'any', operator },
    { do: 'try', first: at, second: at + 2 },
  ];
}
