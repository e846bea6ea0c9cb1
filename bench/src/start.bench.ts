/** `hearth up` from its start until every service is ready, then the memory of its processes when nothing is to be done. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Bench, BenchContext } from './bench.ts';
import { type Child, startApp, startBare } from './children.ts';
import { expectWithin, met } from './deadline.ts';
import { type Figure, reading } from './figure.ts';
import { type Memory, memoryOf } from './memory.ts';

const STARTS = 5;
const LIMIT_MS = 60_000;
const IDLE_MS = 10_000;
/** Stays until it is told to end. */
const BARE_SCRIPT = "process.stdout.write('up\\n'); setInterval(() => {}, 60_000)";

const upSchema = z.object({
  services: z.array(z.object({ name: z.string(), ready: z.boolean(), pid: z.int() })),
});

/** Processes by name, all ready. */
type Pids = ReadonlyMap<string, number>;

interface Up {
  readonly child: Child;
  readonly pids: Pids;
  readonly readyMs: number;
}

export const startBench: Bench = {
  name: 'start',
  about: '`hearth up` until everything is ready, and its memory when idle',
  async run(context) {
    const ready: number[] = [];
    const bare: number[] = [];
    let figures: readonly Figure[] = [];
    for (let start = 1; start <= STARTS; start++) {
      const up = await bringUp(context);
      try {
        ready.push(up.readyMs);
        if (start === STARTS) figures = await idle(up.pids, context);
      } finally {
        await up.child.stop();
      }
      bare.push(await bringUpBare(up.pids.size));
    }
    const readyFigure: Figure = {
      name: 'start to ready, p50',
      unit: 'ms',
      ...reading(ready, 'p50'),
      baseline: { name: 'as many bare node processes', ...reading(bare, 'p50') },
      target: { of: 'value', atMost: 5_000 },
    };
    return [readyFigure, ...figures];
  },
};

/** With the broker that comes with Hearth, as `npm start` does. */
async function bringUp({ folder }: BenchContext): Promise<Up> {
  const options = { env: {}, folder: await folder() };
  const startMs = performance.now();
  const child = await startApp('apps/cli', ['up', '--port', '0', '--json'], options);
  try {
    const { services } = upSchema.parse(JSON.parse(await firstLine(child)));
    const readyMs = performance.now() - startMs;
    const missing = services.filter(({ ready }) => !ready).map(({ name }) => name);
    if (missing.length > 0) throw new Error(`not ready: ${missing.join(', ')}`);
    const pids = services.map(({ name, pid }) => [name, pid] as const);
    return { child, readyMs, pids: new Map([['hearth up', child.pid], ...pids]) };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/** Started at once, as those of the assistant are. @returns how long until all of them run */
async function bringUpBare(count: number): Promise<number> {
  const startMs = performance.now();
  const children = Array.from({ length: count }, () => startBare(BARE_SCRIPT));
  try {
    await Promise.all(children.map(firstLine));
    return performance.now() - startMs;
  } finally {
    await Promise.all(children.map((child) => child.stop()));
  }
}

async function firstLine({ process: child }: Child): Promise<string> {
  const line = expectWithin<string>(LIMIT_MS, () => 'a process prints nothing');
  let printed = '';
  child.stdout?.on('data', (text: string) => {
    printed += text;
    const end = printed.indexOf('\n');
    if (end >= 0) line.resolve(printed.slice(0, end));
  });
  child.once('exit', (code) => line.reject(new Error(`a process ended with code ${code}`)));
  return met(line);
}

async function idle(pids: Pids, { tell }: BenchContext): Promise<Figure[]> {
  if (process.platform !== 'linux') {
    tell('memory is measured on Linux only');
    return [];
  }
  tell(`idle for ${IDLE_MS / 1_000} s`);
  await pause(IDLE_MS);
  const bareChild = startBare(BARE_SCRIPT);
  try {
    await firstLine(bareChild);
    const bare = await memoryOf(bareChild.pid);
    const each = await Promise.all(
      [...pids].map(async ([name, pid]) => ({ name, memory: await memoryOf(pid) })),
    );
    const sum = (kind: keyof Memory) => each.reduce((total, { memory }) => total + memory[kind], 0);
    return [
      ...each.flatMap(({ name, memory }) => [
        figure(`${name}, idle, RSS`, memory.rssMb, { name: 'bare node', value: bare.rssMb }),
        figure(`${name}, idle, PSS`, memory.pssMb, { name: 'bare node', value: bare.pssMb }),
      ]),
      {
        ...figure(`all ${each.length} processes, idle, RSS`, sum('rssMb'), {
          name: 'as many bare nodes',
          value: bare.rssMb * each.length,
        }),
        target: { of: 'value', atMost: 700 },
        note: 'counts memory that processes share once for each of them',
      },
      {
        ...figure(`all ${each.length} processes, idle, PSS`, sum('pssMb'), {
          name: 'as many bare nodes',
          value: bare.pssMb * each.length,
        }),
        target: { of: 'value', atMost: 700 },
        note: 'counts shared memory once: what the machine really gives',
      },
    ];
  } finally {
    await bareChild.stop();
  }
}

function figure(name: string, value: number, baseline: { name: string; value: number }): Figure {
  return { name, unit: 'MB', value, baseline };
}
