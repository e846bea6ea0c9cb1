import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLog } from '@hearth/runtime';
import { afterAll, beforeAll } from 'vitest';
import { toolSpec } from '../tools/tool-spec.ts';
import type { Tool } from '../tools/tool.ts';
import { keepServer, type McpServer } from './server.ts';

const manifest = import.meta.resolve('@modelcontextprotocol/server-everything/package.json');
const entry = path.join(path.dirname(fileURLToPath(manifest)), 'dist/index.js');
const START_MS = 30_000;

let server: McpServer;
beforeAll(async () => {
  const listed = Promise.withResolvers<void>();
  server = keepServer({
    name: 'everything',
    spec: {
      command: process.execPath,
      args: [entry],
      env: {},
      disabled: false,
      deny: [],
      confirm: [],
    },
    log: await createLog({ name: 'test', level: 'silent', format: 'json' }),
    health: { degraded: () => undefined, ok: () => undefined, detail: () => undefined },
    onTools: listed.resolve,
  });
  await listed.promise;
}, START_MS);
afterAll(() => server.close());

function sum(): Tool {
  const tool = server.tools.find(({ name }) => name === 'everything__get-sum');
  if (!tool) throw new Error('the server offers no get-sum');
  return tool;
}

toolSpec('a tool of an MCP server', sum, { good: { a: 1, b: 2 }, wrong: { a: 'secret' } });
