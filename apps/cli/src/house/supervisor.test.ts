import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { waitMs } from './back-off.ts';
import type { ChildSpec, ChildState } from './child.ts';
import { createSupervisor, type Supervisor, type SupervisorOptions } from './supervisor.ts';

let folder: string;
const running: Supervisor[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-supervisor-'));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((supervisor) => supervisor.stop()));
  await rm(folder, { recursive: true, force: true });
});

const FAST = { firstMs: 10, maxMs: 40, resetAfterMs: 60_000 };
const POLITE = `
  process.on('SIGTERM', () => { console.log('bye'); process.exit(0); });
  process.on('disconnect', () => process.exit(0));
  console.log('up');
`;

async function script(name: string, code: string): Promise<ChildSpec> {
  const entry = path.join(folder, `${name}.mjs`);
  await writeFile(entry, code);
  return { name, entry, args: [], execArgv: [], env: process.env };
}

function supervise(children: readonly ChildSpec[], options: Partial<SupervisorOptions> = {}) {
  const states: { name: string; state: ChildState }[] = [];
  const lines: string[] = [];
  const supervisor = createSupervisor({
    children,
    stopOrder: [children.map(({ name }) => name)],
    backOff: FAST,
    stopMs: 300,
    onState: (name, state) => states.push({ name, state }),
    onLine: (name, line) => lines.push(`${name} ${line}`),
    ...options,
  });
  running.push(supervisor);
  return { supervisor, states, lines };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const LONG = { timeout: 15_000 };

describe('supervisor', () => {
  it('waits half a second after the first death, twice as long after each further one, 30 s at most', () => {
    const backOff = { firstMs: 500, maxMs: 30_000, resetAfterMs: 60_000 };
    expect([1, 2, 3, 6, 7, 50].map((deaths) => waitMs(deaths, backOff))).toEqual([
      500, 1_000, 2_000, 16_000, 30_000, 30_000,
    ]);
  });

  it('starts a process again when it dies, and says what it wrote last', async () => {
    const child = await script('worker', `console.error('no disk'); process.exit(3);`);
    const { supervisor, states } = supervise([child]);
    supervisor.start();
    await vi.waitFor(() => expect(supervisor.children[0]?.restarts).toBeGreaterThan(2), LONG);
    const waits = states.map(({ state }) => state).filter((state) => state.status === 'waiting');
    expect(waits.slice(0, 3).map(({ retryMs }) => retryMs)).toEqual([10, 20, 40]);
    expect(waits[0]?.reason).toBe('ended with code 3: no disk');
  });

  it('begins with the first wait again after a process that lived long enough', async () => {
    const child = await script('worker', `setTimeout(() => process.exit(1), 50);`);
    const { supervisor, states } = supervise([child], { backOff: { ...FAST, resetAfterMs: 1 } });
    supervisor.start();
    await vi.waitFor(() => expect(supervisor.children[0]?.restarts).toBeGreaterThan(2), LONG);
    const waits = states.flatMap(({ state }) =>
      state.status === 'waiting' ? [state.retryMs] : [],
    );
    expect(new Set(waits)).toEqual(new Set([10]));
  });

  it('does not start a process again whose settings are wrong', async () => {
    const child = await script('worker', `console.error('MQTT_URL: bad'); process.exit(78);`);
    const { supervisor, states } = supervise([child]);
    supervisor.start();
    await vi.waitFor(() => expect(states.at(-1)?.state.status).toBe('failed'), LONG);
    expect(states.at(-1)?.state).toMatchObject({ reason: 'ended with code 78: MQTT_URL: bad' });
    expect(supervisor.children[0]?.restarts).toBe(0);
  });

  it('shows the reason of a crash and not its stack', async () => {
    const child = await script('worker', `throw new Error('the model is broken');`);
    const { supervisor, states } = supervise([child]);
    supervisor.start();
    await vi.waitFor(
      () => expect(states.some(({ state }) => state.status === 'waiting')).toBe(true),
      LONG,
    );
    const waiting = states.find(({ state }) => state.status === 'waiting')?.state;
    expect(waiting).toMatchObject({
      reason: 'ended with code 1: Error: the model is broken',
    });
  });

  it('stops in the order given, one after the other', async () => {
    const names = ['broker', 'memory', 'router'];
    const children = await Promise.all(names.map((name) => script(name, POLITE)));
    const stopOrder = [['router'], ['memory'], ['broker']];
    const { supervisor, states, lines } = supervise(children, { stopOrder });
    supervisor.start();
    await vi.waitFor(() => expect(lines).toHaveLength(3), LONG);
    await supervisor.stop();
    const ends = states
      .filter(({ state }) => state.status === 'stopping' || state.status === 'stopped')
      .map(({ name, state }) => `${name} ${state.status}`);
    expect(ends).toEqual([
      'router stopping',
      'router stopped',
      'memory stopping',
      'memory stopped',
      'broker stopping',
      'broker stopped',
    ]);
  });

  it('kills a process that does not end by itself', async () => {
    const child = await script(
      'deaf',
      `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up');`,
    );
    const { supervisor, states, lines } = supervise([child]);
    supervisor.start();
    await vi.waitFor(() => expect(lines).toEqual(['deaf up']), LONG);
    const state = supervisor.children[0]?.state;
    await supervisor.stop();
    expect(states.at(-1)?.state.status).toBe('stopped');
    expect(state?.status === 'running' && isAlive(state.pid)).toBe(false);
  });

  it('starts nothing any more once it was told to stop during a back-off', async () => {
    const child = await script('worker', `process.exit(1);`);
    const { supervisor, states } = supervise([child], { backOff: { ...FAST, firstMs: 60_000 } });
    supervisor.start();
    await vi.waitFor(() => expect(states.at(-1)?.state.status).toBe('waiting'), LONG);
    await supervisor.stop();
    expect(supervisor.children[0]?.state).toEqual({ status: 'stopped' });
  });

  it('leaves no process behind when it is killed itself', async () => {
    const portFile = path.join(folder, 'port');
    const child = await script(
      'orphan',
      `import { renameSync, writeFileSync } from 'node:fs';
       import { createServer } from 'node:net';
       const server = createServer().listen(0, '127.0.0.1', () => {
         writeFileSync('${portFile}.new', String(server.address().port));
         renameSync('${portFile}.new', '${portFile}');
       });
       ${POLITE}`,
    );
    const source = fileURLToPath(new URL('supervisor.ts', import.meta.url));
    const parent = path.join(folder, 'parent.mts');
    await writeFile(
      parent,
      `import { createSupervisor } from ${JSON.stringify(source)};
       const children = [${JSON.stringify(child)}];
       createSupervisor({ children, stopOrder: [['orphan']] }).start();`,
    );
    const killed = spawn(process.execPath, ['--conditions=development', parent]);
    const port = await vi.waitFor(async () => Number(await readFile(portFile, 'utf8')), LONG);
    const lifeSign = connect({ port, host: '127.0.0.1' });
    await once(lifeSign, 'connect');
    // The system closes the connection when the orphan ends, perhaps before the end of its parent is known here.
    const ended = new Promise((resolve) => {
      lifeSign
        .on('error', () => undefined)
        .once('close', resolve)
        .resume();
    });
    killed.kill('SIGKILL');
    await ended;
  });
});
