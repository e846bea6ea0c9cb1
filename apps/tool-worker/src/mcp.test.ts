/** MCP servers that are not ours, over stdio and HTTP, through a real broker. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  callTool,
  createId,
  llmCancel,
  type ToolsRegistry,
  toolsRegistry,
} from '@hearth/contracts';
import {
  type Collected,
  collect,
  reportOf,
  runTestService,
  startTestBroker,
  type TestBroker,
  type TestService,
} from '@hearth/runtime/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { toolWorker } from './service.ts';

/** Servers take a second or two to start, more on a busy machine. */
const START_MS = 30_000;

const EVERYTHING = entryIn(
  import.meta.resolve('@modelcontextprotocol/server-everything/package.json'),
);
const FILESYSTEM = entryIn(
  import.meta.resolve('@modelcontextprotocol/server-filesystem/package.json'),
);

function entryIn(manifest: string): string {
  return path.join(path.dirname(fileURLToPath(manifest)), 'dist/index.js');
}

let folder: string;
let broker: TestBroker;
let service: TestService;
let registries: Collected<ToolsRegistry>;
let web: { readonly url: string; readonly child: ChildProcess };

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-mcp-'));
  await writeFile(path.join(folder, 'note.txt'), 'the cellar is dry');
  web = await startOverHttp();
  const file = path.join(folder, 'mcp.json');
  const mcpServers = {
    everything: { command: process.execPath, args: [EVERYTHING], deny: ['gzip-*', 'simulate-*'] },
    files: {
      command: process.execPath,
      args: [FILESYSTEM, folder],
      allow: ['read_text_file', 'write_file', 'list_*'],
      confirm: ['write_file'],
    },
    web: { url: web.url, allow: ['echo'] },
    dead: { command: '/nonexistent/server' },
    dying: {
      command: process.execPath,
      args: ['-e', 'console.error("no key given"); process.exit(3)'],
    },
    typo: { comand: 'npx' },
    off: { command: '/nonexistent/server', disabled: true },
  };
  await writeFile(file, JSON.stringify({ mcpServers }));
  broker = await startTestBroker();
  process.env['MQTT_PASSWORD'] = 'not-for-servers';
  service = await runTestService(toolWorker, broker.url, { HEARTH_MCP_FILE: file });
  registries = await collect<ToolsRegistry>(service.peer, toolsRegistry);
  await vi.waitFor(
    () =>
      expect(serversIn(registries.messages.at(-1)?.data)).toEqual([
        'everything',
        'files',
        'hearth',
        'web',
      ]),
    { timeout: START_MS },
  );
}, START_MS * 2);

afterAll(async () => {
  delete process.env['MQTT_PASSWORD'];
  expect(await service.stop()).toBe(0);
  web.child.kill('SIGKILL');
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

function serversIn(registry: ToolsRegistry | undefined): string[] {
  return [...new Set(registry?.tools.map(({ server }) => server))].toSorted();
}

async function startOverHttp() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  probe.close();
  await once(probe, 'close');
  const child = spawn(process.execPath, [EVERYTHING, 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  // It says where it listens.
  for await (const chunk of child.stderr) if (String(chunk).includes(String(port))) break;
  child.stderr.resume();
  return { url: `http://127.0.0.1:${port}/mcp`, child };
}

async function use(
  name: string,
  args: Record<string, unknown>,
  options: { confirmed?: boolean } = {},
) {
  const { data } = await service.peer.call(callTool, { name, arguments: args, ...options });
  return data;
}

describe('MCP servers', () => {
  it('offer their tools in the registry, with schema and server, as far as they are allowed', () => {
    const tools = registries.messages.at(-1)?.data.tools ?? [];
    const named = (server: string) => tools.filter((each) => each.server === server);
    expect(
      named('files')
        .map(({ name }) => name.replace('files__', ''))
        .toSorted(),
    ).toEqual([
      'list_allowed_directories',
      'list_directory',
      'list_directory_with_sizes',
      'read_text_file',
      'write_file',
    ]);
    expect(named('web').map(({ name }) => name)).toEqual(['web__echo']);
    expect(named('everything').map(({ name }) => name)).not.toContain(
      'everything__gzip-file-as-resource',
    );
    expect(tools.find(({ name }) => name === 'everything__get-sum')).toMatchObject({
      server: 'everything',
      schema: { type: 'object', required: ['a', 'b'] },
    });
  });

  it.each(['everything__echo', 'web__echo'])('answer a call of %s', async (name) => {
    expect(await use(name, { message: 'hello' })).toEqual({
      content: 'Echo: hello',
      isError: false,
    });
  });

  it('answer several calls at once, each with its own answer', async () => {
    const sums = Array.from({ length: 20 }, (_, i) => use('everything__get-sum', { a: i, b: 1 }));
    const answers = (await Promise.all(sums)).map(({ content }) => content);
    answers.forEach((content, i) => expect(content).toContain(`is ${i + 1}.`));
  });

  it('may give data besides the text, and name what is no text', async () => {
    expect(await use('everything__get-structured-content', { location: 'Chicago' })).toMatchObject({
      data: { temperature: expect.anything() },
    });
    const { content } = await use('everything__get-tiny-image', {});
    expect(content).toContain('[image image/png]');
  });

  it('say in a result what is wrong with the arguments', async () => {
    expect(await use('everything__get-sum', { a: 'x' })).toMatchObject({
      isError: true,
      content: expect.stringContaining('Invalid'),
    });
  });

  it('are asked for agreement first, where that is set', async () => {
    const args = { path: path.join(folder, 'new.txt'), content: 'written' };
    expect(await use('files__write_file', args)).toEqual({
      content: 'Shall I use write file of files?',
      needsConfirmation: 'Shall I use write file of files?',
      isError: false,
    });
    await expect(readFile(args.path, 'utf8')).rejects.toThrow('ENOENT');
    expect(await use('files__write_file', args, { confirmed: true })).toMatchObject({
      isError: false,
    });
    expect(await readFile(args.path, 'utf8')).toBe('written');
    const read = await use('files__read_text_file', { path: path.join(folder, 'note.txt') });
    expect(read.content).toBe('the cellar is dry');
  });

  it('cannot be asked for a tool that was denied, or that nobody has', async () => {
    for (const name of ['files__move_file', 'nobody__nothing']) {
      await expect(use(name, {})).rejects.toMatchObject({
        code: 'REMOTE',
        remoteCode: 'UNKNOWN_TOOL',
      });
    }
  });

  it('are not told the environment of Hearth', async () => {
    const { content } = await use('everything__get-env', {});
    expect(content).toContain('PATH');
    expect(content).not.toContain('not-for-servers');
  });

  it('that do not run make the service degraded, and the reasons are told in plain words', async () => {
    const fits = ['dead', 'dying', 'typo'];
    const { reason } = await reportOf(
      service.peer,
      'tool-worker',
      ({ state, reason = '' }) =>
        state === 'degraded' && fits.every((name) => reason.includes(name)),
    );
    expect(reason).toContain('the MCP server dead does not run: its command was not found');
    expect(reason).toContain('no key given');
    expect(reason).toContain('typo: needs a "command" or a "url"');
    await expect(use('dead__anything', {})).rejects.toMatchObject({
      remoteCode: 'TOOL_UNAVAILABLE',
      message: expect.stringContaining('command was not found'),
    });
  });

  it('end a call at its deadline, and with the turn that asked for it', async () => {
    const long = {
      name: 'everything__trigger-long-running-operation',
      arguments: { duration: 60, steps: 2 },
    };
    await expect(service.peer.call(callTool, long, { timeoutMs: 300 })).rejects.toMatchObject({
      code: expect.stringMatching(/TIMEOUT|REMOTE/),
    });
    const turnId = createId();
    const call = service.peer.call(callTool, long, { turnId });
    const ended = expect(call).rejects.toMatchObject({ remoteCode: 'CANCELLED' });
    await service.peer.publish(llmCancel, {}, { turnId });
    await ended;
    expect(await use('everything__echo', { message: 'still here' })).toMatchObject({
      isError: false,
    });
  });

  it(
    'that die take their call with them, are told of, and are started again',
    async () => {
      const long = {
        name: 'everything__trigger-long-running-operation',
        arguments: { duration: 60, steps: 2 },
      };
      const { content } = await use('everything__get-env', {});
      expect(content).toContain('{');
      const call = service.peer.call(callTool, long);
      const lost = expect(call).rejects.toMatchObject({ remoteCode: 'TOOL_UNAVAILABLE' });
      const seen = registries.messages.length;
      await killServer(EVERYTHING);
      await lost;
      const { reason } = await reportOf(service.peer, 'tool-worker', ({ reason = '' }) =>
        reason.includes('everything'),
      );
      expect(reason).toContain('the MCP server everything does not run: its connection ended');
      await expect
        .poll(
          () =>
            registries.messages
              .slice(seen)
              .map(({ data }) => serversIn(data).includes('everything')),
          {
            timeout: START_MS,
          },
        )
        .toEqual([false, true]);
      expect(await use('everything__echo', { message: 'again' })).toMatchObject({
        content: 'Echo: again',
      });
    },
    START_MS * 2,
  );
});

/** The child of this process that runs `entry` over stdio; found in /proc, hence on Linux only. */
async function killServer(entry: string): Promise<void> {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
  for (const pid of children.trim().split(' ')) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.split('\0').includes(entry) && !command.includes('streamableHttp')) {
      process.kill(Number(pid), 'SIGKILL');
    }
  }
}
