/**
 * Sentence patterns: one line says what a person may say.
 *
 * | written | means |
 * |---|---|
 * | `turn on` | these words |
 * | `[please]` | may be left out |
 * | `(light\|lamp)` | one of them |
 * | `{area}` | a value of the list `area` |
 * | `{from:area}` | a value of the list `area`, kept as `from` |
 * | `{level:number}` | a number: 0 to 1000 when spoken, any when typed |
 * | `{sum:arithmetic}` | numbers with at least one operator between them |
 * | `{fact:(my {thing} is (here\|gone))}` | keeps the words of a part as they were said |
 * | `{text:*}` | any words; the pattern is for typed text only |
 * | `~ sup` | the pattern is for typed text only |
 */
import { CoreError } from './errors.ts';

export type Pattern =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'sequence'; readonly items: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly options: readonly Pattern[] }
  | { readonly kind: 'optional'; readonly item: Pattern }
  | { readonly kind: 'list'; readonly slot: string; readonly list: string }
  | { readonly kind: 'number' | 'arithmetic' | 'text'; readonly slot: string }
  | { readonly kind: 'part'; readonly slot: string; readonly item: Pattern };

export interface ParsedPattern {
  readonly root: Pattern;
  /** For text only: a recogniser is not told of it. */
  readonly typedOnly: boolean;
}

/** @throws CoreError `BAD_PATTERN` with what is wrong and where */
export function parsePattern(source: string): ParsedPattern {
  const marked = /^\s*~/.exec(source)?.[0] ?? '';
  const reader = createReader(source, marked.length);
  const root = readChoice(reader);
  if (reader.next !== undefined) reader.fail(`unexpected "${reader.next}"`);
  return { root, typedOnly: marked !== '' || hasFreeText(root) };
}

interface Reader {
  /** The token to come; undefined at the end. */
  readonly next: string | undefined;
  /** @returns the token that was to come */
  advance(): string | undefined;
  expect(token: string): void;
  fail(problem: string): never;
}

const TOKEN = /\s*([[\](){}|:*]|[^\s[\](){}|:*]+)/y;

function createReader(source: string, start: number): Reader {
  let at = start;
  let next: string | undefined;
  function advance(): string | undefined {
    const taken = next;
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    next = match?.[1];
    if (match) at = TOKEN.lastIndex;
    return taken;
  }
  advance();
  function fail(problem: string): never {
    throw new CoreError('BAD_PATTERN', `${problem} before character ${at + 1}`);
  }
  return {
    get next() {
      return next;
    },
    advance,
    fail,
    expect(token: string): void {
      if (next !== token)
        fail(next === undefined ? `"${token}" is missing` : `"${next}" instead of "${token}"`);
      advance();
    },
  };
}

function readChoice(reader: Reader): Pattern {
  const options = [readSequence(reader)];
  while (reader.next === '|') {
    reader.advance();
    options.push(readSequence(reader));
  }
  const [only] = options;
  return options.length === 1 && only ? only : { kind: 'choice', options };
}

function readSequence(reader: Reader): Pattern {
  const items: Pattern[] = [];
  while (reader.next !== undefined && !')]}|'.includes(reader.next)) items.push(readItem(reader));
  const [only] = items;
  if (!only) reader.fail('a part without words');
  return items.length === 1 ? only : { kind: 'sequence', items };
}

function readItem(reader: Reader): Pattern {
  const token = reader.advance() ?? reader.fail('a pattern that ends too early');
  switch (token) {
    case '[':
      return { kind: 'optional', item: readClosed(reader, ']') };
    case '(':
      return readClosed(reader, ')');
    case '{':
      return readSlot(reader);
    default:
      if (':*'.includes(token)) reader.fail(`unexpected "${token}"`);
      return { kind: 'word', word: token };
  }
}

function readClosed(reader: Reader, end: string): Pattern {
  const item = readChoice(reader);
  reader.expect(end);
  return item;
}

function readSlot(reader: Reader): Pattern {
  const slot = reader.advance() ?? '';
  if (!/^[a-z][a-zA-Z0-9_]{0,31}$/.test(slot)) reader.fail(`"${slot}" is no name of a slot`);
  const filled = readFilling(reader, slot);
  reader.expect('}');
  return filled;
}

function readFilling(reader: Reader, slot: string): Pattern {
  if (reader.next !== ':') return { kind: 'list', slot, list: slot };
  reader.advance();
  const token = reader.advance() ?? reader.fail('a pattern that ends too early');
  switch (token) {
    case '(':
      return { kind: 'part', slot, item: readClosed(reader, ')') };
    case '*':
      return { kind: 'text', slot };
    case 'number':
    case 'arithmetic':
      return { kind: token, slot };
    default:
      if (!/^\w/.test(token)) reader.fail('a slot without a list');
      return { kind: 'list', slot, list: token };
  }
}

function hasFreeText(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'text':
      return true;
    case 'sequence':
      return pattern.items.some(hasFreeText);
    case 'choice':
      return pattern.options.some(hasFreeText);
    case 'optional':
    case 'part':
      return hasFreeText(pattern.item);
    case 'word':
    case 'list':
    case 'number':
    case 'arithmetic':
      return false;
  }
}
