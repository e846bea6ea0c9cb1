/** What an engine that answers must do. */

export interface Said {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

export interface Question {
  readonly text: string;
  /** Earlier turns of the same room, oldest first. */
  readonly history: readonly Said[];
  /** When it was asked, milliseconds since the Unix epoch. */
  readonly now: number;
  readonly turnId: string;
  /** The room in which it was asked. */
  readonly siteId?: string | undefined;
}

export interface Passage {
  readonly role: 'user' | 'assistant' | 'fact';
  readonly text: string;
  /** When it was said, milliseconds since the Unix epoch. */
  readonly ts: number;
}

export interface RecallQuery {
  readonly text: string;
  readonly topK: number;
  readonly roles: readonly Passage['role'][];
}

/** A tool of the house, as a language model is told of it. */
export interface ToolOffer {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface ToolUse {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface ToolOutcome {
  /** For the model; says what went wrong when `isError`. */
  readonly content: string;
  readonly isError: boolean;
}

export interface ToolAnswer {
  /** For the model, or for the user. Says what went wrong when `isError`. */
  readonly content: string;
  readonly isError: boolean;
  /** Nothing was done: this is to be asked first, then the call repeated with `confirmed`. */
  readonly needsConfirmation?: string | undefined;
}

export interface CallToolOptions {
  readonly confirmed?: boolean;
  /** 30 s by default. */
  readonly timeoutMs?: number;
}

/** What an engine may use. Each rejects when the memory, or the tool, does not answer in time, or refuses. */
export interface Tools {
  /** Best match first; nothing of the turn that asks. */
  recall(query: RecallQuery): Promise<readonly Passage[]>;
  remember(fact: string): Promise<void>;
  /** @returns how many entries held all of these words and are gone */
  forget(words: string): Promise<number>;
  /** What the tools of the house can do right now. */
  offers(): readonly ToolOffer[];
  /** Uses one of them for a model: a call that needs the user's word is made when the user has given it. Its errors are in our own words. */
  use(call: ToolUse): Promise<ToolOutcome>;
  /** Uses a tool of `tools/registry`. Rejects when it is not reached in time. */
  callTool(
    name: string,
    args: Readonly<Record<string, unknown>>,
    options?: CallToolOptions,
  ): Promise<ToolAnswer>;
}

export interface Piece {
  /** The next part of the answer; all parts joined are the answer. */
  readonly text: string;
  /** What kind of question it was, where the engine knows. The last one told counts. */
  readonly intent?: string;
  /** Which engine says it, where another one stands in. */
  readonly engine?: string;
}

export interface GenerateOptions {
  readonly tools: Tools;
  /** Ends the answer: the iteration stops or throws, and nothing is done any more. */
  readonly signal: AbortSignal;
  /** A word for the trace on what was special, e.g. `tokens 812+40`: never words that were said. */
  readonly note?: (word: string) => void;
}

export interface Generator {
  /** As in `llm/response`, e.g. `builtin`. */
  readonly name: string;
  /**
   * Several may run at once. It never holds the event loop for more than 20 ms.
   * @throws ModelError, whose text may be told; any other error is told without its text
   */
  generateAsync(question: Question, options: GenerateOptions): AsyncIterable<Piece>;
}
