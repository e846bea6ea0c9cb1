/** One call of a tool of an MCP server, and its answer as text. */
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { CallToolResultSchema, ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { ToolError } from '../tool-error.ts';
import type { ToolResult } from '../tools/tool.ts';

/** The caller's deadline is in the signal; this is for a server that hangs all the same. */
const LIMIT_MS = 60_000;
const TIMED_OUT: number = ErrorCode.RequestTimeout;
const CONNECTION_CLOSED: number = ErrorCode.ConnectionClosed;
/** What the contracts allow, less a note that something was left out. */
const MAX_CONTENT = 63_900;

export interface RemoteCall {
  readonly server: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** @throws ToolError when the server was not reached or did not answer */
export async function callRemote(client: Client, call: RemoteCall): Promise<ToolResult> {
  const { tool: name, args, signal } = call;
  let result: unknown;
  try {
    result = await client.callTool({ name, arguments: { ...args } }, CallToolResultSchema, {
      signal,
      timeout: LIMIT_MS,
    });
  } catch (error) {
    return failureOf(error, call);
  }
  return resultOf(resultSchema.parse(result));
}

const resultSchema = z.object({
  content: z.array(z.looseObject({ type: z.string() })).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false),
});

function resultOf({
  content,
  structuredContent,
  isError,
}: z.infer<typeof resultSchema>): ToolResult {
  const text = content.map(textOf).join('\n');
  const shown =
    text === '' && structuredContent !== undefined ? JSON.stringify(structuredContent) : text;
  const data = structuredContent === undefined ? {} : { data: structuredContent };
  return { content: shortened(shown), isError, ...data };
}

function shortened(text: string): string {
  if (text.length <= MAX_CONTENT) return text;
  return `${text.slice(0, MAX_CONTENT)}\n[${text.length - MAX_CONTENT} more characters]`;
}

/** What is not text is named, so that a model knows that there is something. */
function textOf({
  type,
  ...part
}: {
  readonly type: string;
  readonly [key: string]: unknown;
}): string {
  if (type === 'text' && typeof part['text'] === 'string') return part['text'];
  const { resource } = part;
  if (typeof resource === 'object' && resource !== null && 'text' in resource) {
    return String(resource.text);
  }
  if (typeof part['uri'] === 'string') return part['uri'];
  return `[${type}${typeof part['mimeType'] === 'string' ? ` ${part['mimeType']}` : ''}]`;
}

function failureOf(error: unknown, { server, tool, signal }: RemoteCall): ToolResult {
  if (signal.aborted) {
    throw new ToolError('CANCELLED', `${server}: ${tool} was given up`, { cause: error });
  }
  const code = error instanceof McpError ? error.code : undefined;
  if (code === TIMED_OUT) {
    throw new ToolError('TIMEOUT', `${server}: ${tool} did not answer in time`, { cause: error });
  }
  // The server's own words about a call that it refuses are for the model.
  if (error instanceof McpError && code !== CONNECTION_CLOSED) {
    return { content: shortened(error.message), isError: true };
  }
  throw new ToolError('TOOL_UNAVAILABLE', `${server} was lost while ${tool} was called`, {
    cause: error,
  });
}
