/** Expressions of Home Assistant's value templates, as far as devices use them: `value_json.a['b'] | float / 10`. */

export type Value =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Value[]
  | { readonly [key: string]: Value };

export type Scope = Readonly<Record<string, Value>>;
export type Expression = (scope: Scope) => Value;

/** A template that uses what is not supported here. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(==|!=|<=|>=|[-+*/()[\].,|<>~]))/y;
/** Longer than any expression of a device, and too short to build a deep tree. */
const MAX_TOKENS = 200;

interface Token {
  readonly kind: 'text' | 'number' | 'name' | 'sign';
  readonly text: string;
}

/** @throws TemplateError */
export function parseExpression(source: string): Expression {
  const reader = createReader(tokensOf(source));
  const expression = readTernary(reader);
  if (reader.next) throw new TemplateError(`unexpected "${reader.next.text}"`);
  return expression;
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = source.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(source);
    if (!match) throw new TemplateError('an expression that is not understood');
    const [, text, number, name, sign] = match;
    if (text !== undefined) {
      tokens.push({ kind: 'text', text: text.slice(1, -1).replaceAll(/\\(.)/g, '$1') });
    } else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
    if (tokens.length > MAX_TOKENS) throw new TemplateError('too long an expression');
  }
  return tokens;
}

interface Reader {
  readonly next: Token | undefined;
  /** Takes the next token when it is this sign or word. */
  take(text: string): boolean;
  advance(): Token;
  expect(text: string): void;
}

function createReader(tokens: readonly Token[]): Reader {
  let at = 0;
  const isNext = (text: string) => {
    const token = tokens[at];
    return token !== undefined && token.kind !== 'text' && token.text === text;
  };
  const reader: Reader = {
    get next() {
      return tokens[at];
    },
    take(text) {
      if (!isNext(text)) return false;
      at += 1;
      return true;
    },
    advance() {
      const token = tokens[at];
      if (!token) throw new TemplateError('an expression that ends too early');
      at += 1;
      return token;
    },
    expect(text) {
      if (!reader.take(text)) throw new TemplateError(`"${text}" is missing`);
    },
  };
  return reader;
}

function readTernary(reader: Reader): Expression {
  const then = readOr(reader);
  if (!reader.take('if')) return then;
  const condition = readOr(reader);
  const otherwise = reader.take('else') ? readTernary(reader) : () => undefined;
  return (scope) => (truthy(condition(scope)) ? then(scope) : otherwise(scope));
}

function readOr(reader: Reader): Expression {
  let left = readAnd(reader);
  while (reader.take('or')) {
    const [a, b] = [left, readAnd(reader)];
    left = (scope) => (truthy(a(scope)) ? a(scope) : b(scope));
  }
  return left;
}

function readAnd(reader: Reader): Expression {
  let left = readNot(reader);
  while (reader.take('and')) {
    const [a, b] = [left, readNot(reader)];
    left = (scope) => (truthy(a(scope)) ? b(scope) : a(scope));
  }
  return left;
}

function readNot(reader: Reader): Expression {
  if (!reader.take('not')) return readComparison(reader);
  const inner = readNot(reader);
  return (scope) => !truthy(inner(scope));
}

const COMPARISONS: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => Number(a) < Number(b),
  '>': (a, b) => Number(a) > Number(b),
  '<=': (a, b) => Number(a) <= Number(b),
  '>=': (a, b) => Number(a) >= Number(b),
  in: (a, b) => contains(b, a),
};

function readComparison(reader: Reader): Expression {
  const left = readSum(reader);
  if (reader.take('is')) return readTest(reader, left);
  for (const [sign, compare] of Object.entries(COMPARISONS)) {
    if (!reader.take(sign)) continue;
    const right = readSum(reader);
    return (scope) => compare(left(scope), right(scope));
  }
  return left;
}

function readTest(reader: Reader, tested: Expression): Expression {
  const negated = reader.take('not');
  const name = reader.advance().text;
  const tests: Readonly<Record<string, (value: Value) => boolean>> = {
    defined: (value) => value !== undefined,
    undefined: (value) => value === undefined,
    none: (value) => value === null,
    number: (value) => typeof value === 'number',
    string: (value) => typeof value === 'string',
  };
  const test = Object.hasOwn(tests, name) ? tests[name] : undefined;
  if (!test) throw new TemplateError(`the test "${name}" is not supported`);
  return (scope) => test(tested(scope)) !== negated;
}

function readSum(reader: Reader): Expression {
  let left = readProduct(reader);
  for (;;) {
    const a = left;
    if (reader.take('+')) {
      const b = readProduct(reader);
      left = (scope) => Number(a(scope)) + Number(b(scope));
    } else if (reader.take('-')) {
      const b = readProduct(reader);
      left = (scope) => Number(a(scope)) - Number(b(scope));
    } else if (reader.take('~')) {
      const b = readProduct(reader);
      left = (scope) => render(a(scope)) + render(b(scope));
    } else return left;
  }
}

function readProduct(reader: Reader): Expression {
  let left = readFiltered(reader);
  for (;;) {
    const a = left;
    if (reader.take('*')) {
      const b = readFiltered(reader);
      left = (scope) => Number(a(scope)) * Number(b(scope));
    } else if (reader.take('/')) {
      const b = readFiltered(reader);
      left = (scope) => Number(a(scope)) / Number(b(scope));
    } else return left;
  }
}

function readFiltered(reader: Reader): Expression {
  let value = readPostfix(reader);
  while (reader.take('|')) {
    const name = reader.advance().text;
    const args = reader.take('(') ? readArguments(reader) : [];
    const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
    if (!filter) throw new TemplateError(`the filter "${name}" is not supported`);
    const inner = value;
    value = (scope) => filter(inner(scope), ...args.map((arg) => arg(scope)));
  }
  return value;
}

const FILTERS: Readonly<Record<string, (value: Value, ...args: Value[]) => Value>> = {
  int: (value, fallback = 0) => {
    const number = Math.trunc(Number(value));
    return Number.isFinite(number) ? number : fallback;
  },
  float: (value, fallback = 0) => {
    const number = Number(value);
    return Number.isFinite(number) ? number : fallback;
  },
  round: (value, digits = 0) => {
    const factor = 10 ** Number(digits);
    return Math.round(Number(value) * factor) / factor;
  },
  abs: (value) => Math.abs(Number(value)),
  default: (value, fallback = '') => value ?? fallback,
  is_defined: (value) => value,
  lower: (value) => render(value).toLowerCase(),
  upper: (value) => render(value).toUpperCase(),
  trim: (value) => render(value).trim(),
  string: (value) => render(value),
  bool: (value) => /^(?:true|on|yes|1)$/i.test(render(value)),
  tojson: (value) => JSON.stringify(value),
  to_json: (value) => JSON.stringify(value),
};

function readArguments(reader: Reader): Expression[] {
  const args: Expression[] = [];
  while (!reader.take(')')) {
    args.push(readTernary(reader));
    if (!reader.take(',')) {
      reader.expect(')');
      break;
    }
  }
  return args;
}

function readPostfix(reader: Reader): Expression {
  let value = readAtom(reader);
  for (;;) {
    const inner = value;
    if (reader.take('.')) {
      const name = reader.advance().text;
      if (reader.next?.text === '(') throw new TemplateError('calls are not supported');
      value = (scope) => at(inner(scope), name);
    } else if (reader.take('[')) {
      const key = readTernary(reader);
      reader.expect(']');
      value = (scope) => at(inner(scope), key(scope));
    } else return value;
  }
}

function readAtom(reader: Reader): Expression {
  if (reader.take('(')) {
    const inner = readTernary(reader);
    reader.expect(')');
    return inner;
  }
  if (reader.take('-')) {
    const inner = readPostfix(reader);
    return (scope) => -Number(inner(scope));
  }
  const { kind, text } = reader.advance();
  if (kind === 'text') return () => text;
  if (kind === 'number') return () => Number(text);
  if (kind === 'sign') throw new TemplateError(`unexpected "${text}"`);
  const constants: Readonly<Record<string, Value>> = { true: true, false: false, none: null };
  const constant = text.toLowerCase();
  if (Object.hasOwn(constants, constant)) return () => constants[constant];
  if (reader.next?.text === '(') throw new TemplateError('calls are not supported');
  return (scope) => (Object.hasOwn(scope, text) ? scope[text] : undefined);
}

function at(value: Value, key: Value): Value {
  if (Array.isArray(value)) return value[Number(key)];
  if (typeof value !== 'object' || value === null) return undefined;
  const name = render(key);
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function contains(whole: Value, part: Value): boolean {
  if (typeof whole === 'string') return whole.includes(render(part));
  if (Array.isArray(whole)) return whole.includes(part);
  return typeof whole === 'object' && whole !== null && Object.hasOwn(whole, render(part));
}

function truthy(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return Boolean(value);
}

/** As Jinja writes it: `True`, `False`, `None`; nothing for what is undefined. */
export function render(value: Value): string {
  if (value === undefined) return '';
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
