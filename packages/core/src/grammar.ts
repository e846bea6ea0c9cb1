/** All that the assistant can be told, compiled once: the way from a text to an intent. */
import type { Intents } from '@hearth/contracts';
import { CoreError } from './errors.ts';
import { type Heard, runProgram } from './match.ts';
import { type ParsedPattern, parsePattern } from './pattern.ts';
import { bareForms } from './politeness.ts';
import { compilePattern, type Instruction } from './program.ts';
import { tokenize } from './tokens.ts';
import { growValueTree, type ValueTree } from './value-tree.ts';

/** What the contracts allow in one utterance. Longer texts match nothing. */
const MAX_CHARACTERS = 8_000;

interface CompiledPattern extends ParsedPattern {
  readonly intent: string;
  readonly program: readonly Instruction[];
  /** Slots that take any words: the fewer they swallow, the better the match. */
  readonly freeSlots: readonly string[];
}

export interface Grammar {
  /** In the order of their declaration. */
  readonly patterns: readonly CompiledPattern[];
  readonly lists: Intents['lists'];
}

export interface Match {
  readonly intent: string;
  /** Values of lists as the list spells them, numbers in digits, free words as they were written. */
  readonly slots: Record<string, string>;
}

/** @throws CoreError `BAD_PATTERN` that names the intent and the pattern */
export function compileGrammar({ intents, lists }: Intents): Grammar {
  const trees = new Map<string, ValueTree>();
  function treeOf(list: string): ValueTree {
    const values = Object.hasOwn(lists, list) ? lists[list] : undefined;
    if (!values) throw new CoreError('BAD_PATTERN', `there is no list "${list}"`);
    const tree = trees.get(list) ?? growValueTree(values);
    trees.set(list, tree);
    return tree;
  }
  const patterns = intents.flatMap(({ name, patterns }) =>
    patterns.map((pattern) => compile(name, pattern, treeOf)),
  );
  return { patterns, lists };
}

function compile(
  intent: string,
  source: string,
  treeOf: (list: string) => ValueTree,
): CompiledPattern {
  try {
    const parsed = parsePattern(source);
    const program = compilePattern(parsed.root, treeOf);
    if (runProgram(program, { source: '', tokens: [] })) {
      throw new CoreError('BAD_PATTERN', 'it would match silence');
    }
    return { ...parsed, intent, program, freeSlots: freeSlotsOf(program) };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    throw new CoreError('BAD_PATTERN', `${intent}, pattern "${source}": ${error.message}`, {
      cause: error,
    });
  }
}

function freeSlotsOf(program: readonly Instruction[]): string[] {
  return program.flatMap((instruction, i) => {
    const next = program[i + 1];
    const free = next?.do === 'any' && next.operator === undefined;
    return instruction.do === 'open' && free ? [instruction.slot] : [];
  });
}

/**
 * The pattern that fits the whole text; politeness around it is ignored. Patterns without free words win over those with
 * them, fewer free words over more, earlier declarations over later ones.
 */
export function matchIntent(grammar: Grammar, text: string): Match | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  for (const tokens of bareForms(tokenize(text))) {
    const best = bestMatch(grammar, { source: text, tokens });
    if (best) return best;
  }
  return undefined;
}

function bestMatch({ patterns }: Grammar, heard: Heard): Match | undefined {
  let best: Match | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const { intent, program, freeSlots } of patterns) {
    const slots = runProgram(program, heard);
    if (!slots) continue;
    const free = freeSlots.reduce((sum, slot) => sum + (slots[slot]?.length ?? 0), 0);
    if (free < least) [best, least] = [{ intent, slots }, free];
  }
  return best;
}
