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

/** What an engine may use. Each rejects when the memory does not answer in time, or refuses. */
export interface Tools {
  /** Best match first; nothing of the turn that asks. */
  recall(query: RecallQuery): Promise<readonly Passage[]>;
  remember(fact: string): Promise<void>;
  /** @returns how many entries held all of these words and are gone */
  forget(words: string): Promise<number>;
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
}

export interface GenerateOptions {
  readonly tools: Tools;
  /** Ends the answer: the iteration stops or throws, and nothing is done any more. */
  readonly signal: AbortSignal;
}

export interface Generator {
  /** As in `llm/response`, e.g. `builtin`. */
  readonly name: string;
  /** Several may run at once. It never holds the event loop for more than 20 ms. */
  generateAsync(question: Question, options: GenerateOptions): AsyncIterable<Piece>;
}
