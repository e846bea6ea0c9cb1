/** Pulls and checks small models from a server on this machine. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE, modelNamed } from './catalogue.ts';
import { checkModel, stateOfModel } from './check-model.ts';
import type { Model } from './model.ts';
import { pullModel } from './pull-model.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let server: Server;
let base: string;
let folder: string;
let model: Model;
let asked: string[];
let content: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-models-'));
  asked = [];
  content = { '/voice.onnx': 'model', '/voice.onnx.json': 'settings' };
  server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const text = content[url];
    if (text === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-length': text.length }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server is not on TCP');
  base = `http://127.0.0.1:${address.port}`;
  const url = `${base}/voice.onnx`;
  model = {
    name: 'voice',
    kind: 'piper',
    about: '',
    licence: 'MIT',
    files: [
      { url, path: 'piper/voice.onnx', bytes: 5, sha256: sha256('model') },
      { url: `${url}.json`, path: 'piper/voice.onnx.json' },
    ],
  };
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const signal = new AbortController().signal;
const states = async () => (await checkModel(model, folder, signal)).map(({ state }) => state);

function pull(mirror?: string) {
  const onFile = () => ({ update: () => {}, close: () => {} });
  return pullModel(model, { folder, mirror, signal, onFile });
}

describe('a model', () => {
  it('comes with all that goes with it, itself last', async () => {
    expect(await stateOfModel(model, folder)).toBe('missing');
    await pull();
    expect(asked).toEqual(['/voice.onnx.json', '/voice.onnx']);
    expect(await readFile(path.join(folder, 'piper', 'voice.onnx'), 'utf8')).toBe('model');
    expect(await stateOfModel(model, folder)).toBe('present');
  });

  it('that is there is not fetched again', async () => {
    await pull();
    asked = [];
    expect(await pull()).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('whose other file fails is not there', async () => {
    delete content['/voice.onnx.json'];
    await expect(pull()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await stateOfModel(model, folder)).toBe('missing');
  });

  it('comes from a mirror by its path in the folder of models', async () => {
    content = { '/models/piper/voice.onnx': 'model', '/models/piper/voice.onnx.json': 'settings' };
    await pull(`${base}/models`);
    expect(asked).toEqual(['/models/piper/voice.onnx.json', '/models/piper/voice.onnx']);
  });

  it('is verified where a checksum is known, else it is told that it is not', async () => {
    await pull();
    expect(await states()).toEqual(['verified', 'unverified']);
  });

  it('that was changed is found out, also without a known checksum, and comes anew', async () => {
    await pull();
    await writeFile(path.join(folder, 'piper', 'voice.onnx'), 'modem');
    await writeFile(path.join(folder, 'piper', 'voice.onnx.json'), 'other');
    expect(await states()).toEqual(['broken', 'broken']);
    expect(await pull()).toHaveLength(2);
    expect(await states()).toEqual(['verified', 'unverified']);
  });

  it('that was put there by hand may stay', async () => {
    await pull();
    await rm(path.join(folder, '.pulled'), { recursive: true });
    asked = [];
    expect(await states()).toEqual(['verified', 'unverified']);
    expect(await pull()).toEqual([]);
  });
});

describe('the catalogue', () => {
  it('has each name and each path once, and nothing that leads out of the folder', () => {
    const names = CATALOGUE.map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    for (const { files } of CATALOGUE)
      for (const { path: below } of files) expect(below).toMatch(/^[a-z]+(\/[\w-][\w.-]*)+$/i);
  });

  it('has well-formed checksums, over https, and a licence for each', () => {
    for (const { files, licence } of CATALOGUE) {
      expect(licence).not.toBe('');
      for (const { url, sha256 = '0'.repeat(64) } of files) {
        expect(url).toMatch(/^https:/);
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      }
    }
  });

  it('names what there is when it is asked for something else', () => {
    expect(modelNamed('Whisper-Base.EN').name).toBe('whisper-base.en');
    expect(() => modelNamed('whisper')).toThrow(/There is no model "whisper"[^]*whisper-tiny.en/);
  });
});
