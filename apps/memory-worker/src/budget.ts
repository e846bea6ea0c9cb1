/** Cuts an answer of the memory to what a prompt has room for. */
import type { Passage } from './engines/store.ts';

/** English is about four characters to a token; a little less, so that other languages fit more often. */
const CHARS_PER_TOKEN = 3.5;
/** Role and time, when the passage stands in a prompt. */
const TOKENS_PER_PASSAGE = 8;

export interface Budgeted {
  readonly passages: Passage[];
  readonly truncated: boolean;
}

/** The best passages that fit. What was said around them goes first; the first passage is cut rather than left out. */
export function withinBudget(passages: readonly Passage[], maxTokens: number): Budgeted {
  const kept: Passage[] = [];
  let left = maxTokens;
  let truncated = false;
  for (const passage of passages) {
    const { before: _before, after: _after, ...bare } = passage;
    if (tokensOf(passage) <= left) kept.push(passage);
    else if (tokensOf(bare) <= left) kept.push(bare);
    else if (kept.length === 0) kept.push({ ...bare, text: cut(bare.text, left) });
    truncated ||= kept.at(-1) !== passage;
    if (kept.at(-1)?.id !== passage.id) break;
    left -= tokensOf(kept.at(-1) ?? passage);
  }
  return { passages: kept, truncated };
}

function tokensOf({ text, before = [], after = [] }: Passage): number {
  const texts = [text, ...before.map((near) => near.text), ...after.map((near) => near.text)];
  return texts.reduce((sum, one) => sum + TOKENS_PER_PASSAGE + one.length / CHARS_PER_TOKEN, 0);
}

function cut(text: string, tokens: number): string {
  const room = Math.max(1, Math.floor((tokens - TOKENS_PER_PASSAGE) * CHARS_PER_TOKEN));
  const short = text.slice(0, room);
  // Half of a pair of surrogates is no character.
  return short.isWellFormed() ? short : short.slice(0, -1) || text.slice(0, 2);
}
