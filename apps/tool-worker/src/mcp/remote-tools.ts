/** The tools that a server offers, those that are allowed, under names that are unique in the house. */
import { createHash } from 'node:crypto';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Tool } from '../tools/tool.ts';
import type { ServerSpec } from './config-file.ts';

const MAX_TOOLS = 200;
const MAX_PAGES = 20;
const LIST_LIMIT_MS = 30_000;
/** What the contracts allow. */
const MAX_NAME = 64;
const MAX_DESCRIPTION = 4_000;
/** A schema beyond this costs a model more than the tool is worth. */
const MAX_SCHEMA = 32_000;

export interface RemoteTool extends Omit<Tool, 'call'> {
  /** As its server calls it. */
  readonly original: string;
}

export async function remoteTools(
  client: Client,
  server: string,
  spec: ServerSpec,
  signal: AbortSignal,
): Promise<RemoteTool[]> {
  if (!client.getServerCapabilities()?.tools) return [];
  const tools: RemoteTool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const listed = await client.listTools(cursor === undefined ? {} : { cursor }, {
      signal,
      timeout: LIST_LIMIT_MS,
    });
    for (const { name, description = '', inputSchema } of listed.tools) {
      if (!isAllowed(name, spec) || JSON.stringify(inputSchema).length > MAX_SCHEMA) continue;
      tools.push({
        original: name,
        name: qualified(server, name),
        description: description.slice(0, MAX_DESCRIPTION),
        schema: inputSchema,
        server,
        ...(asksFirst(name, spec) && { confirm: true }),
      });
    }
    cursor = listed.nextCursor;
    if (cursor === undefined || tools.length >= MAX_TOOLS) break;
  }
  return tools.slice(0, MAX_TOOLS);
}

/** `files__read_file`: what language models accept as a name, at most 64 characters. */
export function qualified(server: string, tool: string): string {
  const name = `${server}__${tool}`.replaceAll(/[^a-zA-Z0-9_-]/g, '_');
  if (name.length <= MAX_NAME && name === `${server}__${tool}`) return name;
  const mark = createHash('sha256').update(tool).digest('hex').slice(0, 6);
  return `${name.slice(0, MAX_NAME - 7)}_${mark}`;
}

export function isAllowed(
  tool: string,
  { allow, deny }: Pick<ServerSpec, 'allow' | 'deny'>,
): boolean {
  return (allow === undefined || fits(tool, allow)) && !fits(tool, deny);
}

function asksFirst(tool: string, { confirm }: Pick<ServerSpec, 'confirm'>): boolean {
  return typeof confirm === 'boolean' ? confirm : fits(tool, confirm);
}

function fits(tool: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 's').test(tool);
  });
}
