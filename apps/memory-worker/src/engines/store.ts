/** The port: what the memory worker asks of a place that keeps memories. Inputs and outputs can be cloned into a thread. */

export type Role = 'user' | 'assistant' | 'fact';

/** One utterance to be kept. */
export interface NewEntry {
  /** `fact` is something the user asked to remember. */
  readonly role: Role;
  readonly text: string;
  /** When it was said, milliseconds since the Unix epoch. */
  readonly ts: number;
  readonly siteId?: string | undefined;
  readonly turnId?: string | undefined;
  /** Name of who said it, where it is known. */
  readonly speaker?: string | undefined;
}

export interface Entry extends NewEntry {
  /** Never given to another entry, not even after it was forgotten. */
  readonly id: number;
}

export interface Passage extends Entry {
  /** Higher is better; comparable within one answer only. */
  readonly score: number;
  /** What was said around it, in order; only when asked for. */
  readonly before?: Around[];
  readonly after?: Around[];
}

export interface Around {
  readonly role: Role;
  readonly text: string;
  readonly speaker?: string | undefined;
}

export interface Question {
  /** Free text of any kind. Without a word that means something the answer is empty. */
  readonly text: string;
  readonly topK: number;
  readonly excludeTurnId?: string | undefined;
  readonly roles?: readonly Role[] | undefined;
  /** `recent` asks for the newest entries, whatever the text. Default: `hybrid`. */
  readonly strategy?: 'hybrid' | 'similarity' | 'recent' | undefined;
  /** Utterances of the same conversation to give with each passage, before and after it. */
  readonly context?: number | undefined;
}

export type Forgetting =
  | { readonly ids: readonly number[] }
  /** Entries that hold all of these words; a plural counts as its singular. */
  | { readonly text: string }
  /** Entries said before this time, milliseconds since the Unix epoch. */
  | { readonly before: number; readonly keepFacts?: boolean }
  | { readonly all: true };

export interface Store {
  /**
   * All entries or none. When it returns they survive the end of the process and of the machine.
   * An entry with the turn, role, text and time of a kept one is that one: its id is returned.
   *
   * @returns ids in the order of the entries
   */
  store(entries: readonly NewEntry[]): number[];
  /** Best match first. */
  query(question: Question): Passage[];
  /** The words are gone from the disk, too. */
  forget(what: Forgetting): { count: number };
  /** Entries in the order they were stored, beginning after `afterId` (0: from the first). */
  export(page: { readonly afterId: number; readonly limit: number }): Entry[];
  count(): number;
}
