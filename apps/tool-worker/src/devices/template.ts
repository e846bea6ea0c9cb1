/** Home Assistant's templates, the part of Jinja that devices announce: `{{ ... }}` and `{% if %}`. */
import {
  type Expression,
  parseExpression,
  render,
  type Scope,
  TemplateError,
  type Value,
} from './expression.ts';

export interface Template {
  /** @returns undefined when the payload is not what the template expects */
  apply(payload: string): string | undefined;
}

/** Longer than any template of a known device. */
const MAX_LENGTH = 4_000;

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly value: Expression }
  | { readonly kind: 'if'; readonly branches: readonly Branch[] };

interface Branch {
  readonly condition: Expression;
  readonly nodes: readonly Node[];
}

/** @throws TemplateError when it uses what is not supported */
export function compileTemplate(source: string): Template {
  if (source.length > MAX_LENGTH) throw new TemplateError('too long a template');
  const parts = source.split(/(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{#[\s\S]*?#\})/);
  const { nodes, end } = readNodes(parts, 0);
  if (end < parts.length) throw new TemplateError('a block that was not opened');
  return {
    apply(payload) {
      try {
        const text = renderNodes(nodes, { value: payload, value_json: jsonOf(payload) });
        return text.trim();
      } catch {
        return undefined;
      }
    },
  };
}

/** What is sent: `value` is what the user wants. @throws TemplateError */
export function fillTemplate(source: string, value: Value): string {
  const { nodes } = readNodes(source.split(/(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})/), 0);
  // Templates of covers call it by that name.
  return renderNodes(nodes, { value, position: value });
}

function readNodes(parts: readonly string[], from: number): { nodes: Node[]; end: number } {
  const nodes: Node[] = [];
  for (let i = from; i < parts.length; i += 1) {
    const part = parts[i] ?? '';
    if (part.startsWith('{{') && part.endsWith('}}')) {
      nodes.push({
        kind: 'value',
        value: parseExpression(part.slice(2, -2).replace(/^-|-$/g, '')),
      });
    } else if (part.startsWith('{%') && part.endsWith('%}')) {
      const [word, rest] = statementOf(part);
      if (word !== 'if') {
        if (['elif', 'else', 'endif'].includes(word)) return { nodes, end: i };
        throw new TemplateError(`"${word}" is not supported`);
      }
      const { branches, end } = readBranches(parts, i, parseExpression(rest));
      nodes.push({ kind: 'if', branches });
      i = end;
    } else if (/\{[{%]/.test(part)) throw new TemplateError('a block that is not closed');
    else if (!part.startsWith('{#') && part !== '') nodes.push({ kind: 'text', text: part });
  }
  return { nodes, end: parts.length };
}

function readBranches(parts: readonly string[], from: number, first: Expression) {
  const branches: Branch[] = [];
  let condition = first;
  let at = from;
  for (;;) {
    const { nodes, end } = readNodes(parts, at + 1);
    branches.push({ condition, nodes });
    const part = parts[end];
    if (part === undefined) throw new TemplateError('"endif" is missing');
    const [word, rest] = statementOf(part);
    if (word === 'endif') return { branches, end };
    condition = word === 'elif' ? parseExpression(rest) : () => true;
    at = end;
  }
}

function statementOf(part: string): [word: string, rest: string] {
  const statement = part.slice(2, -2).replace(/^-|-$/g, '').trim();
  const word = /^\w*/.exec(statement)?.[0] ?? '';
  return [word, statement.slice(word.length)];
}

function renderNodes(nodes: readonly Node[], scope: Scope): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text;
      if (node.kind === 'value') return render(node.value(scope));
      const branch = node.branches.find(({ condition }) => {
        const met = condition(scope);
        return Boolean(met) && !(Array.isArray(met) && met.length === 0);
      });
      return branch ? renderNodes(branch.nodes, scope) : '';
    })
    .join('');
}

function jsonOf(payload: string): Value {
  try {
    const value: Value = JSON.parse(payload);
    return value;
  } catch {
    return undefined;
  }
}
