/** What a thing to say is: the sentences and the answer, declared together. */
import type { Passage, Said, Tools } from '../engines/generator.ts';

export interface Asked {
  /** The whole sentence, as it came. */
  readonly text: string;
  readonly slots: Readonly<Record<string, string>>;
  readonly history: readonly Said[];
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly timeZone: string;
  readonly tools: Tools;
  /** Whether a passage is only a command or a question, and tells nothing. */
  readonly tellsNothing: (passage: Passage) => boolean;
  /** One of several ways to say the same, always the same one for a turn. */
  readonly pick: (...variants: readonly string[]) => string;
}

export interface Intent {
  /** Dotted, e.g. `clock.time`. */
  readonly name: string;
  /** See packages/core/src/pattern.ts. */
  readonly patterns: readonly string[];
  answer(asked: Asked): string | Promise<string>;
}

/** What belongs together, with the lists that its patterns use. */
export interface IntentGroup {
  readonly intents: readonly Intent[];
  readonly lists?: Readonly<Record<string, readonly string[]>>;
}
