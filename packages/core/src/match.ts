/** Runs a compiled pattern over the words of a text. The work is bounded by instructions times words, whatever the text holds. */
import { isArithmeticWord, isOperatorWord } from './arithmetic.ts';
import type { Instruction } from './program.ts';
import type { Token } from './tokens.ts';
import { findValues, isSkippable, MAX_SKIPPED } from './value-tree.ts';

export interface Heard {
  readonly source: string;
  readonly tokens: readonly Token[];
}

/** What a run has kept on its way, newest first. */
interface Kept {
  readonly slot: string;
  readonly value: string;
  readonly before: Kept | undefined;
}

interface State {
  readonly step: number;
  readonly at: number;
  readonly kept: Kept | undefined;
  /** Index of the first token of each part that is open, innermost first. */
  readonly open: readonly number[];
}

/**
 * Backtracking that visits each (instruction, word) once: what failed there before fails there again.
 * @returns the slots, or undefined when the pattern does not fit the whole text
 */
export function runProgram(
  program: readonly Instruction[],
  heard: Heard,
): Record<string, string> | undefined {
  const width = heard.tokens.length + 1;
  const visited = new Set<number>();
  const waiting: State[] = [{ step: 0, at: 0, kept: undefined, open: [] }];
  for (let state = waiting.pop(); state; state = waiting.pop()) {
    const place = state.step * width + state.at;
    if (visited.has(place)) continue;
    visited.add(place);
    const next = step(program[state.step], state, heard);
    if (next === 'accepted') return slotsOf(state.kept);
    // The last is taken first, so the first choice goes in last.
    for (let i = next.length - 1; i >= 0; i -= 1) {
      const follower = next[i];
      if (follower) waiting.push(follower);
    }
  }
  return undefined;
}

/** @returns where to go on, best first */
function step(
  instruction: Instruction | undefined,
  state: State,
  { source, tokens }: Heard,
): State[] | 'accepted' {
  const token = tokens[state.at];
  const onward = { ...state, step: state.step + 1 };
  switch (instruction?.do) {
    case undefined:
      return [];
    case 'accept':
      if (!token) return 'accepted';
      return skip(state, tokens);
    case 'jump':
      return [{ ...state, step: instruction.to }];
    case 'try':
      return [
        { ...state, step: instruction.first },
        { ...state, step: instruction.second },
      ];
    case 'word':
      if (instruction.text === token?.text) return [{ ...onward, at: state.at + 1 }];
      return [...(instruction.text === 'the' ? [onward] : []), ...skip(state, tokens)];
    case 'number':
      if (token?.kind !== 'number') return skip(state, tokens);
      return [keep(onward, instruction.slot, token.text, state.at + 1)];
    case 'value': {
      const found = findValues(instruction.values, tokens, state.at);
      return found.map(({ value, end }) => keep(onward, instruction.slot, value, end));
    }
    case 'any':
      return token && isWanted(token, instruction.operator)
        ? [{ ...onward, at: state.at + 1 }]
        : [];
    case 'open':
      return [{ ...onward, open: [state.at, ...state.open] }];
    case 'close': {
      const [start = state.at, ...open] = state.open;
      const words =
        start < state.at ? source.slice(tokens[start]?.start, tokens[state.at - 1]?.end) : '';
      return [keep({ ...onward, open }, instruction.slot, words, state.at)];
    }
  }
}

function isWanted({ text }: Token, operator: boolean | undefined): boolean {
  if (operator === undefined) return true;
  return operator ? isOperatorWord(text) : isArithmeticWord(text);
}

function skip(state: State, tokens: readonly Token[]): State[] {
  const token = tokens[state.at];
  if (!token || !isSkippable(token)) return [];
  const before = tokens.slice(Math.max(0, state.at - MAX_SKIPPED), state.at);
  const tooMany = before.length === MAX_SKIPPED && before.every(isSkippable);
  return tooMany ? [] : [{ ...state, at: state.at + 1 }];
}

function keep(state: State, slot: string, value: string, at: number): State {
  return { ...state, at, kept: { slot, value, before: state.kept } };
}

/** A slot that was filled twice keeps the later value. */
function slotsOf(kept: Kept | undefined): Record<string, string> {
  const slots = new Map<string, string>();
  for (let link = kept; link; link = link.before) {
    if (!slots.has(link.slot)) slots.set(link.slot, link.value);
  }
  return Object.fromEntries(slots);
}
