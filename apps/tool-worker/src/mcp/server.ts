/** Keeps one MCP server: connects, lists its tools, calls them, and starts it again when it dies. */
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { HealthReporter, Log } from '@hearth/runtime';
import { ToolError } from '../tool-error.ts';
import type { Tool } from '../tools/tool.ts';
import type { ServerSpec } from './config-file.ts';
import { openSession, reasonOf, type Session } from './connect.ts';
import { callRemote } from './remote-call.ts';
import { type RemoteTool, remoteTools } from './remote-tools.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** A session that held this long starts over with the shortest pause. */
const STABLE_MS = 60_000;

export interface McpServer {
  /** Empty while it is not connected. */
  readonly tools: readonly Tool[];
  /** Why it is not connected. */
  readonly trouble: string | undefined;
  close(): Promise<void>;
}

export interface McpServerOptions {
  readonly name: string;
  readonly spec: ServerSpec;
  readonly log: Log;
  readonly health: HealthReporter;
  /** Tools came or went. */
  readonly onTools: () => void;
}

export function keepServer(options: McpServerOptions): McpServer {
  const { name, spec, log, health, onTools } = options;
  const ending = new AbortController();
  const part = `mcp ${name}`;
  let session: Session | undefined;
  let tools: readonly Tool[] = [];
  let trouble: string | undefined = 'it is being started';

  async function listTools(open: Session): Promise<void> {
    const listed = await remoteTools(open.client, name, spec, ending.signal);
    if (open !== session) return;
    tools = listed.map((remote) => toolOf(remote, open));
    log.info({ server: name, tools: tools.length }, 'tools listed');
    onTools();
  }

  function toolOf(remote: RemoteTool, open: Session): Tool {
    const { original, ...tool } = remote;
    return {
      ...tool,
      async call(args, { signal }) {
        if (open !== session) throw new ToolError('TOOL_UNAVAILABLE', `${name}: ${trouble}`);
        return await callRemote(open.client, { server: name, tool: original, args, signal });
      },
    };
  }

  async function live(): Promise<string> {
    session = await openSession(spec, ending.signal);
    const open = session;
    open.client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      listTools(open).catch((error) => log.warn({ server: name, error }, 'tools not listed'));
    });
    await listTools(open);
    trouble = undefined;
    health.ok(part);
    return await open.ended;
  }

  async function keep(): Promise<void> {
    let failures = 0;
    while (!ending.signal.aborted) {
      const startedAt = performance.now();
      const reason = await live().catch(reasonOf);
      const last = session;
      session = undefined;
      if (tools.length > 0) {
        tools = [];
        onTools();
      }
      await last?.close().catch(() => undefined);
      if (ending.signal.aborted) return;
      trouble = reason;
      health.degraded(part, `the MCP server ${name} does not run: ${reason}`);
      failures = performance.now() - startedAt > STABLE_MS ? 1 : failures + 1;
      await pause(backOff(failures), ending.signal);
    }
  }

  const kept = keep();
  return {
    get tools() {
      return tools;
    },
    get trouble() {
      return trouble;
    },
    async close() {
      ending.abort();
      await session?.close().catch(() => undefined);
      await kept;
    },
  };
}

/** Doubles up to a minute; the jitter keeps servers that died together apart. */
function backOff(failures: number): number {
  return (
    Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)) * (0.5 + Math.random() / 2)
  );
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
