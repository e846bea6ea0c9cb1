/** All MCP servers of the house. */
import type { HealthReporter, Log } from '@hearth/runtime';
import type { Tool } from '../tools/tool.ts';
import type { ServerSpec } from './config-file.ts';
import { keepServer, type McpServer } from './server.ts';

export interface McpHost {
  readonly tools: readonly Tool[];
  /** Why a tool of this name cannot be called now; undefined when its server is fine, or there is none. */
  troubleOf(toolName: string): string | undefined;
  close(): Promise<void>;
}

export interface McpHostOptions {
  readonly servers: ReadonlyMap<string, ServerSpec>;
  readonly log: Log;
  readonly health: HealthReporter;
  readonly onTools: () => void;
}

export function startServers({ servers, ...shared }: McpHostOptions): McpHost {
  const kept = new Map<string, McpServer>();
  for (const [name, spec] of servers) kept.set(name, keepServer({ name, spec, ...shared }));
  return {
    get tools() {
      return [...kept.values()].flatMap(({ tools }) => tools);
    },
    troubleOf(toolName) {
      for (const [name, { trouble }] of kept) {
        if (toolName.startsWith(`${name}__`) && trouble !== undefined) {
          return `the MCP server ${name} does not run: ${trouble}`;
        }
      }
      return undefined;
    },
    async close() {
      await Promise.allSettled([...kept.values()].map((server) => server.close()));
    },
  };
}
