import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMcpFile } from './config-file.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-mcp-'));
  file = path.join(folder, 'mcp.json');
});
afterEach(() => rm(folder, { recursive: true }));

async function read(content: unknown, env: Record<string, string> = {}) {
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readMcpFile(file, env);
}

describe('mcp.json', () => {
  it('names servers over stdio and over HTTP, in the usual form', async () => {
    const mcpServers = {
      files: { command: 'npx', args: ['-y', 'server', '/data'], env: { A: '1' }, type: 'stdio' },
      web: { url: 'https://example.org/mcp', headers: { authorization: 'Bearer ${TOKEN}' } },
    };
    const { servers, problems } = await read({ mcpServers }, { TOKEN: 'secret' });
    expect(problems).toEqual([]);
    expect(servers.get('files')).toMatchObject({ command: 'npx', env: { A: '1' }, deny: [] });
    expect(servers.get('web')).toMatchObject({ headers: { authorization: 'Bearer secret' } });
  });

  it('need not be there', async () => {
    const { servers, problems } = await readMcpFile(path.join(folder, 'other.json'), {});
    expect([servers.size, problems]).toEqual([0, []]);
  });

  it.each([
    ['{"mcpServers":', 'is not JSON'],
    ['[]', 'has no object "mcpServers"'],
    ['{"servers":{}}', 'has no object "mcpServers"'],
  ])('%s is told in one plain line', async (content, problem) => {
    expect((await read(content)).problems).toEqual([`${file} ${problem}`]);
  });

  it.each([
    [{ comand: 'npx' }, 'needs a "command" or a "url"'],
    ['npx', 'is not an object'],
    [{ command: 'npx', args: 'server' }, 'args: '],
    [{ url: 'ftp://example.org' }, 'url: must begin with http:// or https://'],
    [{ command: 'npx', env: { A: '${NOT_SET}' } }, 'the environment has no NOT_SET'],
  ])('a server %j is told, and the others run', async (broken, problem) => {
    const mcpServers = { broken, fine: { command: 'npx' } };
    const { servers, problems } = await read({ mcpServers });
    expect([...servers.keys()]).toEqual(['fine']);
    expect(problems).toEqual([expect.stringContaining(`${file}, broken: ${problem}`)]);
  });

  it('cannot name a server so that its tools could not be told apart', async () => {
    const { problems } = await read({ mcpServers: { 'my files': { command: 'npx' } } });
    expect(problems).toEqual([expect.stringContaining('a name is 1 to 32 letters')]);
  });
});
