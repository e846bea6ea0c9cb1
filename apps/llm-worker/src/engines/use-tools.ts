/** Answers the calls that a language model makes in one round, all at once. */
import type { ModelMessage, Tool, ToolSet } from 'ai';
import type { ToolOffer, Tools } from './generator.ts';
import type { ToolRequest } from './round.ts';

type Sdk = typeof import('ai');

/** What one round may ask for. Beyond it a call is refused, in words for the model. */
const MAX_CALLS = 16;

export function toolSet(
  offers: readonly ToolOffer[],
  { tool, jsonSchema }: Pick<Sdk, 'tool' | 'jsonSchema'>,
): ToolSet {
  const entries = offers.map(({ name, description, schema }): [string, Tool] => {
    const inputSchema = jsonSchema({ type: 'object', properties: {}, ...schema });
    // Without `execute`: the loop is ours, so that no call is repeated when a request is.
    return [name, tool({ description, inputSchema })];
  });
  return Object.fromEntries(entries);
}

/**
 * A tool that fails is told to the model as text; the others' answers are kept.
 * @param maxLength of all answers together, in characters: the rest of each is cut off
 * @throws what `signal` aborted with
 */
export async function useTools(
  calls: readonly ToolRequest[],
  tools: Pick<Tools, 'use'>,
  { maxLength, signal }: { maxLength: number; signal: AbortSignal },
): Promise<ModelMessage> {
  const share = Math.floor(maxLength / Math.max(1, calls.length));
  const content = await Promise.all(
    calls.map(async ({ id, name, input }, i) => {
      const { text, isError } =
        i < MAX_CALLS ? await use({ name, input }, tools) : { text: TOO_MANY, isError: true };
      return {
        type: 'tool-result' as const,
        toolCallId: id,
        toolName: name,
        output: {
          type: isError ? ('error-text' as const) : ('text' as const),
          value: cut(text, share),
        },
      };
    }),
  );
  signal.throwIfAborted();
  return { role: 'tool', content };
}

const TOO_MANY = 'Not done: these are too many calls at once.';

async function use(
  { name, input }: Pick<ToolRequest, 'name' | 'input'>,
  tools: Pick<Tools, 'use'>,
): Promise<{ text: string; isError: boolean }> {
  try {
    const args = typeof input === 'object' && input !== null ? { ...input } : {};
    const { content, isError } = await tools.use({ name, arguments: args });
    return { text: content || 'Done.', isError };
  } catch (error) {
    // Its texts are our own: see `Tools`.
    const why = error instanceof Error ? error.message : 'it failed';
    return { text: `The tool gave no result: ${why}.`, isError: true };
  }
}

function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)} … (the rest was cut off)`;
}
