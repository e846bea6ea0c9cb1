/** Opens a session with an MCP server: a process of its own over stdio, or streamable HTTP. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  getDefaultEnvironment,
  StdioClientTransport,
} from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { VERSION } from '@hearth/runtime';
import type { ServerSpec } from './config-file.ts';

/** `npx` may have to install the server first. */
const CONNECT_LIMIT_MS = 60_000;
const MAX_NOTE = 200;

export interface Session {
  readonly client: Client;
  /** Resolves with the reason when the session has ended. */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

/** @throws Error whose message says why not */
export async function openSession(spec: ServerSpec, signal: AbortSignal): Promise<Session> {
  const client = new Client({ name: 'hearth', version: VERSION });
  const ended = Promise.withResolvers<string>();
  const { transport, lastWords } = createTransport(spec);
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK has no other way
  client.onclose = () => ended.resolve(`its connection ended${lastWords()}`);
  try {
    await client.connect(transport, { signal, timeout: CONNECT_LIMIT_MS });
  } catch (error) {
    await client.close().catch(() => undefined);
    throw new Error(`${reasonOf(error)}${lastWords()}`, { cause: error });
  }
  return {
    client,
    ended: ended.promise,
    // Over HTTP the server is told; over stdio the process gets the end of its input, then signals.
    async close() {
      if (transport instanceof StreamableHTTPClientTransport) {
        await transport.terminateSession().catch(() => undefined);
      }
      await client.close();
    },
  };
}

function createTransport(spec: ServerSpec) {
  if ('url' in spec) {
    const options = { requestInit: { headers: spec.headers } };
    const transport = new StreamableHTTPClientTransport(new URL(spec.url), options);
    return { transport, lastWords: () => '' };
  }
  const transport = new StdioClientTransport({
    command: spec.command,
    args: spec.args,
    // Not our own environment: it holds the password of the broker.
    env: { ...getDefaultEnvironment(), ...spec.env },
    ...(spec.cwd !== undefined && { cwd: spec.cwd }),
    stderr: 'pipe',
  });
  let last = '';
  // Read to the end, or the server would block when the pipe is full.
  transport.stderr?.on('data', (chunk: Buffer) => {
    const line = chunk.toString('utf8').trim().split('\n').at(-1)?.trim();
    if (line) last = line.slice(0, MAX_NOTE);
  });
  return { transport, lastWords: () => (last === '' ? '' : ` (it said: ${last})`) };
}

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, MAX_NOTE);
  if ('code' in error && error.code === 'ENOENT') return 'its command was not found';
  const { cause } = error;
  const deeper = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return `${error.message.slice(0, MAX_NOTE)}${deeper}`;
}
