/** Puts together what a language model is given, within a budget of tokens. */

interface Said {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

export interface PromptParts {
  /** Who answers, and how. Kept whole, even when nothing else fits. */
  readonly instructions: string;
  /** What was remembered, best first: one line each, below `intro`. */
  readonly notes: { readonly intro: string; readonly lines: readonly string[] };
  /** Earlier turns, oldest first. */
  readonly history: readonly Said[];
  readonly question: string;
}

export interface PromptBudget {
  /** For everything together. */
  readonly tokens: number;
  /** How many tokens a text takes: the model's own tokenizer, or one much like it. */
  readonly count: (text: string) => number;
}

export interface Prompt {
  /** With the notes that fit. */
  readonly instructions: string;
  /** Ends with the question. */
  readonly messages: readonly Said[];
  readonly tokens: number;
  readonly kept: { readonly notes: number; readonly history: number };
}

/** What a chat format adds to each message: its role and its borders. */
const MESSAGE_TOKENS = 4;
/** A question gets this much, whatever the instructions take. */
const LEAST_QUESTION = 64;

/**
 * Notes take half of the budget at most. History is kept from the newest back to the first that does not fit, without
 * gaps, and begins with something that the user said. A question that is too long loses its end.
 */
export function assemblePrompt(parts: PromptParts, { tokens, count }: PromptBudget): Prompt {
  const fixed = count(parts.instructions) + MESSAGE_TOKENS;
  const forQuestion = Math.max(LEAST_QUESTION, tokens - fixed) - MESSAGE_TOKENS;
  const question = cut(parts.question, forQuestion, count);
  let left = tokens - fixed - count(question) - MESSAGE_TOKENS;

  const notes = keepNotes(parts.notes, Math.min(left, Math.floor(tokens / 2)), count);
  left -= notes.tokens;
  const history = keepHistory(parts.history, left, count);
  left -= history.tokens;

  return {
    instructions: [parts.instructions, ...notes.lines].join('\n'),
    messages: [...history.said, { role: 'user', text: question }],
    tokens: tokens - left,
    kept: { notes: Math.max(0, notes.lines.length - 1), history: history.said.length },
  };
}

function keepNotes(
  { intro, lines }: PromptParts['notes'],
  budget: number,
  count: PromptBudget['count'],
): { lines: readonly string[]; tokens: number } {
  const kept: string[] = [];
  const start = count(`\n${intro}`);
  let tokens = start;
  for (const line of lines) {
    const cost = count(`\n${line}`);
    // One that is too long makes room for shorter ones behind it.
    if (tokens + cost > budget) continue;
    kept.push(line);
    tokens += cost;
  }
  return kept.length > 0 ? { lines: [intro, ...kept], tokens } : { lines: [], tokens: 0 };
}

function keepHistory(
  history: readonly Said[],
  budget: number,
  count: PromptBudget['count'],
): { said: readonly Said[]; tokens: number } {
  const kept: { said: Said; cost: number }[] = [];
  let left = budget;
  for (const said of history.toReversed()) {
    const cost = count(said.text) + MESSAGE_TOKENS;
    if (cost > left) break;
    left -= cost;
    kept.unshift({ said, cost });
  }
  const start = kept.findIndex(({ said }) => said.role === 'user');
  const whole = start < 0 ? [] : kept.slice(start);
  return {
    said: whole.map(({ said }) => said),
    tokens: whole.reduce((sum, { cost }) => sum + cost, 0),
  };
}

/** The longest beginning that takes no more than `budget` tokens. */
function cut(text: string, budget: number, count: PromptBudget['count']): string {
  if (count(text) <= budget) return text;
  let fits = 0;
  let tooLong = text.length;
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (count(text.slice(0, middle)) <= budget) fits = middle;
    else tooLong = middle;
  }
  return text.slice(0, fits);
}
