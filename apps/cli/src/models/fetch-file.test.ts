/** Downloads from a real server on this machine that does what servers do. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchFile } from './fetch-file.ts';
import type { ModelFile } from './model.ts';

/** More than one piece of a socket. */
const CONTENT = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
const LIMITS = { answerMs: 10_000, stallMs: 10_000, pauseMs: 1 };
/** For servers that let us wait. */
const IMPATIENT = { ...LIMITS, answerMs: 500, stallMs: 1_000 };

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let url: string;
let folder: string;
let target: string;
let behave: Behaviour;
let limits: typeof LIMITS;
/** A connection that ends as soon as so much has arrived. */
let held: { readonly response: ServerResponse; readonly at: number } | undefined;
let seen: IncomingMessage['headers'][];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-fetch-'));
  target = path.join(folder, 'whisper', 'model.bin');
  seen = [];
  held = undefined;
  limits = LIMITS;
  behave = serveRanges();
  server = createServer((request, response) => {
    seen.push(request.headers);
    behave(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server is not on TCP');
  url = `http://127.0.0.1:${address.port}/model.bin`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

/** As web servers do: `If-Range` decides between the rest and the whole. */
function serveRanges({ etag = '"one"', content = CONTENT } = {}): Behaviour {
  return ({ headers }, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    const isSame = headers['if-range'] === undefined || headers['if-range'] === etag;
    if (from > 0 && isSame) {
      const range = `bytes ${from}-${content.length - 1}/${content.length}`;
      const rest = content.subarray(from);
      response.writeHead(206, { etag, 'content-range': range, 'content-length': rest.length });
      response.end(rest);
      return;
    }
    response.writeHead(200, { etag, 'content-length': content.length }).end(content);
  };
}

/** The first `times` connections end in the middle of what they were to send. */
function cutting(times: number, inner: Behaviour): Behaviour {
  return (request, response) => {
    if (seen.length > times) return inner(request, response);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const status = from > 0 ? 206 : 200;
    const range = `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}`;
    response.writeHead(status, {
      etag: '"one"',
      'content-length': CONTENT.length - from,
      ...(from > 0 && { 'content-range': range }),
    });
    response.write(CONTENT.subarray(from, from + 50_000));
    held = { response, at: from + 50_000 };
  };
}

const known: Pick<ModelFile, 'bytes' | 'sha256'> = { bytes: CONTENT.length, sha256: SHA256 };

function cutHeld(done: number): void {
  if (!held || done < held.at) return;
  held.response.destroy();
  held = undefined;
}

function get(file = known, signal = new AbortController().signal, onProgress = cutHeld) {
  return fetchFile({ file, url, target, limits, signal, onProgress });
}

const files = () => readdir(path.dirname(target));

describe('a download', () => {
  it('puts the file under its name once it is checked, and leaves nothing else', async () => {
    expect(await get()).toBe(SHA256);
    expect(await readFile(target)).toEqual(CONTENT);
    expect(await files()).toEqual(['model.bin']);
  });

  it('tells how far it is', async () => {
    const steps: number[] = [];
    const signal = new AbortController().signal;
    const onProgress = (done: number, total?: number) => {
      expect(total).toBe(CONTENT.length);
      steps.push(done);
    };
    await fetchFile({ file: known, url, target, limits: LIMITS, signal, onProgress });
    expect(steps[0]).toBe(0);
    expect(steps.at(-1)).toBe(CONTENT.length);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });

  it('that is cut goes on where it was, when the file is still the same', async () => {
    behave = cutting(2, serveRanges());
    expect(await get()).toBe(SHA256);
    expect(seen.map(({ range }) => range)).toEqual([undefined, 'bytes=50000-', 'bytes=100000-']);
    expect(seen[1]?.['if-range']).toBe('"one"');
  });

  it('begins anew when the server has another file by now', async () => {
    behave = cutting(1, serveRanges({ etag: '"two"' }));
    expect(await get()).toBe(SHA256);
    expect(seen.map(({ range }) => range)).toEqual([undefined, 'bytes=50000-']);
    expect(await readFile(target)).toEqual(CONTENT);
  });

  it('begins anew when the server ignores Range', async () => {
    behave = cutting(1, (_, response) => response.end(CONTENT));
    expect(await get()).toBe(SHA256);
    expect(seen[1]?.range).toBe('bytes=50000-');
    expect(await readFile(target)).toEqual(CONTENT);
  });

  it('begins anew when the server answers with another range', async () => {
    behave = cutting(1, (request, response) => {
      if (!request.headers.range) return serveRanges()(request, response);
      response.writeHead(206, { 'content-range': `bytes 7-9/${CONTENT.length}` }).end('abc');
    });
    expect(await get()).toBe(SHA256);
    expect(seen.map(({ range }) => range)).toEqual([undefined, 'bytes=50000-', undefined]);
  });

  it('of another day is gone on with by the next command', async () => {
    behave = cutting(99, serveRanges());
    const stop = new AbortController();
    const progress = () => stop.abort(new Error('Ctrl-C'));
    await expect(get(known, stop.signal, progress)).rejects.toThrow('Ctrl-C');
    await writeFile(`${target}.part`, CONTENT.subarray(0, 70_000));
    seen = [];
    behave = serveRanges();
    expect(await get()).toBe(SHA256);
    expect(seen[0]?.range).toBe('bytes=70000-');
  });

  it('is not gone on with when neither the server nor a checksum could tell a wrong file', async () => {
    await get();
    await writeFile(`${target}.part`, CONTENT.subarray(0, 70_000));
    seen = [];
    behave = (_, response) => response.end(CONTENT);
    expect(await get({})).toBe(SHA256);
    expect(seen[0]?.range).toBeUndefined();
  });

  it('that was complete but for its name asks the server for nothing', async () => {
    await get();
    await rm(target);
    await writeFile(`${target}.part`, CONTENT);
    seen = [];
    expect(await get()).toBe(SHA256);
    expect(seen).toHaveLength(0);
  });

  it('waits and tries again when the server is busy', async () => {
    behave = (request, response) =>
      seen.length < 3
        ? response.writeHead(503, { 'retry-after': '0' }).end()
        : serveRanges()(request, response);
    expect(await get()).toBe(SHA256);
    expect(seen).toHaveLength(3);
  });

  it('goes on after a server that stalls in the middle', async () => {
    limits = IMPATIENT;
    behave = (request, response) => {
      if (seen.length > 1) return serveRanges()(request, response);
      response.writeHead(200, { etag: '"one"', 'content-length': CONTENT.length });
      response.write(CONTENT.subarray(0, 50_000));
    };
    expect(await get()).toBe(SHA256);
    expect(seen[1]?.range).toBe('bytes=50000-');
  });
});

describe('a download that fails', () => {
  const failures: [string, Behaviour, string, RegExp][] = [
    ['of a file that is not there', (_, r) => r.writeHead(404).end(), 'NOT_FOUND', /no such file/],
    ['that needs a password', (_, r) => r.writeHead(401).end(), 'REFUSED', /status 401/],
    ['of a server that does not answer', () => {}, 'DOWNLOAD_FAILED', /did not answer for 0.5 s/],
    [
      'of a server that stalls for ever',
      (_, r) => void r.writeHead(200, { 'content-length': CONTENT.length }).write('x'),
      'DOWNLOAD_FAILED',
      /sent nothing any more/,
    ],
    [
      'of another file than expected',
      serveRanges({ content: CONTENT.subarray(1) }),
      'WRONG_SIZE',
      /299999 bytes instead of 300000/,
    ],
    [
      'behind a sign-in page',
      (_, r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      'NOT_A_FILE',
      /sign in/,
    ],
  ];
  it.each(failures)('%s says so', async (_, behaviour, code, message) => {
    behave = behaviour;
    limits = IMPATIENT;
    await expect(get()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await files()).not.toContain('model.bin');
  });

  it('because there is no connection names the ways that are left', async () => {
    server.close();
    await once(server, 'close');
    const failure = get();
    await expect(failure).rejects.toMatchObject({
      code: 'OFFLINE',
      message: expect.stringMatching(/Is this machine online\?[^]*HEARTH_MODELS_MIRROR/),
    });
    await expect(failure).rejects.toThrow(target);
  });

  it('because of its checksum is deleted, and an older file stays', async () => {
    await get();
    const broken = Buffer.from(CONTENT).fill(0, 1_000, 1_001);
    behave = serveRanges({ content: broken, etag: '"broken"' });
    await expect(get()).rejects.toMatchObject({
      code: 'WRONG_CHECKSUM',
      message: expect.stringContaining(SHA256),
    });
    expect(await files()).toEqual(['model.bin']);
    expect(await readFile(target)).toEqual(CONTENT);
  });

  it('because the disk has no room is not begun', async () => {
    const huge = 1e17;
    behave = (_, response) => response.writeHead(200, { 'content-length': huge }).write('x');
    await expect(get({ bytes: huge })).rejects.toMatchObject({ code: 'NO_SPACE' });
    expect(await files()).toEqual([]);
  });

  it('ends at once at Ctrl-C', async () => {
    const stop = new AbortController();
    behave = () => stop.abort(new Error('Ctrl-C'));
    await expect(get(known, stop.signal)).rejects.toThrow('Ctrl-C');
    expect(seen).toHaveLength(1);
  });
});
