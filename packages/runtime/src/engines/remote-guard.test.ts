import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRemoteGuard, type RemoteGuardOptions } from './remote-guard.ts';

let server: Server;
let requests: number;
let answer: (response: ServerResponse) => void;
let url: string;

beforeEach(async () => {
  requests = 0;
  answer = (response) => response.end('fine');
  server = createServer((_, response) => {
    requests++;
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server is not on TCP');
  url = `http://127.0.0.1:${address.port}/`;
});
afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  server.close();
});

const guard = (options: Partial<RemoteGuardOptions> = {}) =>
  createRemoteGuard({ name: 'box', timeoutMs: 10_000, retries: 0, ...options });

async function ask(signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw Object.assign(new Error('what was said'), { status: response.status });
  return await response.text();
}

const status = (code: number) => (response: ServerResponse) => response.writeHead(code).end();

describe('a guarded call', () => {
  it('gives what the server gives', async () => {
    expect(await guard().run(ask)).toBe('fine');
  });

  it('that fails tells the status or the code, and nothing of what was said', async () => {
    answer = status(500);
    const box = guard();
    await expect(box.run(ask)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: 'box: answered with status 500',
      cause: { message: 'what was said' },
    });
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await expect(box.run(ask)).rejects.toMatchObject({ message: 'box: failed (ECONNREFUSED)' });
  });

  it('is tried again when the server failed', async () => {
    answer = (response) => (requests < 3 ? status(503)(response) : response.end('at last'));
    expect(await guard({ retries: 2 }).run(ask)).toBe('at last');
    expect(requests).toBe(3);
  });

  it('is not tried again when the request is wrong, and that is not held against the server', async () => {
    answer = status(400);
    const box = guard({ retries: 2, failuresToOpen: 1 });
    await expect(box.run(ask)).rejects.toMatchObject({ message: 'box: answered with status 400' });
    expect(requests).toBe(1);
    expect(box.state).toBe('closed');
  });

  it('is not tried again when the deadline would pass meanwhile', async () => {
    answer = status(500);
    const deadline = Date.now() + 300;
    await expect(guard({ retries: 5 }).run(ask, { deadline })).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
    });
    expect(requests).toBe(1);
  });

  it('ends at its deadline whatever the server does, and whether the work listens or not', async () => {
    answer = () => {};
    const box = guard({ timeoutMs: 100 });
    await expect(box.run(ask)).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect(box.run(() => new Promise(() => {}))).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('does not begin when its deadline has passed', async () => {
    const work = vi.fn(ask);
    const run = guard().run(work, { deadline: Date.now() - 1 });
    await expect(run).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(work).not.toHaveBeenCalled();
  });

  it('ends at once when its caller leaves, and that is not held against the server', async () => {
    const stop = new AbortController();
    answer = () => stop.abort();
    const box = guard({ failuresToOpen: 1 });
    await expect(box.run(ask, { signal: stop.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(box.state).toBe('closed');
    await expect(box.run(ask, { signal: stop.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});

describe('a server that failed several times in a row', () => {
  it('is left alone, then one call tries it and the others do not wait', async () => {
    answer = status(500);
    const box = guard({ failuresToOpen: 2, halfOpenAfterMs: 5_000 });
    for (const _ of [1, 2]) await expect(box.run(ask)).rejects.toThrow('status 500');
    expect(box.state).toBe('open');
    await expect(box.run(ask)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: 'box: not asked, because it failed several times',
    });
    expect(requests).toBe(2);

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5_001 });
    const held = Promise.withResolvers<ServerResponse>();
    answer = held.resolve;
    const trial = box.run(ask);
    const response = await held.promise;
    expect(box.state).toBe('half-open');
    await expect(box.run(ask)).rejects.toThrow('not asked');
    response.end('back');
    expect(await trial).toBe('back');
    expect(box.state).toBe('closed');
  });
});
