/** Makes a tool of a schema and a function; arguments are checked before the function sees them. */
import { z } from 'zod';
import type { Tool, ToolResult, ToolUse } from './tool.ts';

export interface OwnTool<Shape extends z.ZodRawShape> {
  readonly name: string;
  readonly description: string;
  readonly args: z.ZodObject<Shape>;
  run(args: z.infer<z.ZodObject<Shape>>, use: ToolUse): ToolResult | Promise<ToolResult>;
}

export function ownTool<Shape extends z.ZodRawShape>(tool: OwnTool<Shape>): Tool {
  const { name, description, args } = tool;
  const { $schema: _, ...schema } = z.toJSONSchema(args, { io: 'input' });
  return {
    name,
    description,
    schema,
    server: 'hearth',
    async call(given, use) {
      const parsed = args.safeParse(given);
      if (parsed.success) return await tool.run(parsed.data, use);
      // Paths and kinds only: the values may be what somebody said.
      const issues = parsed.error.issues.map(
        ({ path, code }) => `${path.join('.') || 'arguments'}: ${code}`,
      );
      return { content: `Wrong arguments: ${issues.join('; ')}`, isError: true };
    },
  };
}

export function said(content: string, data?: unknown): ToolResult {
  return { content, isError: false, ...(data !== undefined && { data }) };
}

export function failed(content: string, data?: unknown): ToolResult {
  return { content, isError: true, ...(data !== undefined && { data }) };
}
