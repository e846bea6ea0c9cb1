/** All tools under one roof: found by name, asked for agreement where that is wanted. */
import type { ToolsRegistry } from '@hearth/contracts';
import { ToolError } from './tool-error.ts';
import type { Tool, ToolResult, ToolUse } from './tools/tool.ts';

/** What the contracts allow. */
const MAX_TOOLS = 500;

export interface Toolbox {
  /** As in `tools/registry`. */
  list(): ToolsRegistry['tools'];
  /** @throws ToolError when there is no such tool, or it cannot be reached */
  call(name: string, args: Readonly<Record<string, unknown>>, use: ToolUse): Promise<ToolResult>;
}

export interface ToolboxOptions {
  readonly own: readonly Tool[];
  /** Those of the MCP servers, as they are now. */
  readonly remote: () => readonly Tool[];
  /** Why a tool that is not there cannot be called now. */
  readonly troubleOf: (name: string) => string | undefined;
}

export function createToolbox({ own, remote, troubleOf }: ToolboxOptions): Toolbox {
  const all = () => [...own, ...remote()].slice(0, MAX_TOOLS);
  return {
    list: () =>
      all().map(({ name, description, schema, server, confirm }) => ({
        name,
        description,
        schema,
        server,
        ...(confirm === true && { confirm }),
      })),
    async call(name, args, use) {
      const tool = all().find((each) => each.name === name);
      if (!tool) throw missing(name, troubleOf(name));
      if (tool.confirm === true && !use.confirmed) return askFirst(tool);
      return await tool.call(args, use);
    },
  };
}

function missing(name: string, trouble: string | undefined): ToolError {
  return trouble === undefined
    ? new ToolError('UNKNOWN_TOOL', `there is no tool ${name}`)
    : new ToolError('TOOL_UNAVAILABLE', trouble);
}

function askFirst({ name, server }: Tool): ToolResult {
  const spoken = name.slice(server.length).replaceAll(/[_-]+/g, ' ').trim();
  const question = `Shall I use ${spoken} of ${server}?`;
  return { content: question, isError: false, needsConfirmation: question };
}
