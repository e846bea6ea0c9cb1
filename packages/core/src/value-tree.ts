/** The values of a list as a tree of words, so that a long list costs no more than a short one. */
import { type Token, tokenize } from './tokens.ts';

export interface ValueTree {
  readonly next: ReadonlyMap<string, ValueTree>;
  /** The value that ends here, as the list spells it. */
  readonly value: string | undefined;
}

interface Node {
  next: Map<string, Node>;
  value: string | undefined;
}

export function growValueTree(values: readonly string[]): ValueTree {
  const root: Node = { next: new Map(), value: undefined };
  for (const value of values) {
    let node = root;
    for (const { text } of tokenize(value).filter((token) => !isSkippable(token))) {
      const child = node.next.get(text) ?? { next: new Map<string, Node>(), value: undefined };
      node.next.set(text, child);
      node = child;
    }
    // Two values that sound the same: the first is kept.
    if (node !== root) node.value ??= value;
  }
  return root;
}

/** More of them in a row are no speech, and would cost time. */
export const MAX_SKIPPED = 4;

export interface FoundValue {
  readonly value: string;
  /** Index of the token behind it. */
  readonly end: number;
}

/** Every value that starts at a token, longest first. */
export function findValues(tree: ValueTree, tokens: readonly Token[], start: number): FoundValue[] {
  const found: FoundValue[] = [];
  let node = tree;
  let skipped = 0;
  for (let at = start; at < tokens.length && skipped <= MAX_SKIPPED; at += 1) {
    const token = tokens[at];
    if (!token) break;
    const child = node.next.get(token.text);
    if (!child && !isSkippable(token)) break;
    if (!child) skipped += 1;
    node = child ?? node;
    if (child?.value !== undefined) found.unshift({ value: child.value, end: at + 1 });
  }
  return found;
}

/** What makes no difference: signs, and `the`, which people and recognisers add and drop. */
export function isSkippable(token: Token): boolean {
  return token.kind === 'sign' || token.text === 'the';
}
