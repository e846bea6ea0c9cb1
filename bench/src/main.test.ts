import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-bench-test-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** From source, with temporary folders below `folder`. */
function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['--conditions=development', MAIN, ...args], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function linesOf({ stdout, stderr }: ChildProcess): Promise<string> {
  let text = '';
  for (const stream of [stdout, stderr]) stream?.on('data', (chunk) => (text += chunk));
  await Promise.all([stdout, stderr].map(async (stream) => stream && (await once(stream, 'end'))));
  return text;
}

it('prints figures beside their baselines, writes them as JSON and leaves nothing else', async () => {
  const bench = start('--only', 'offload', '--json', path.join(folder, 'deep', 'bench.json'));
  const [text, [code]] = await Promise.all([linesOf(bench), once(bench, 'exit')]);
  expect(text).toMatch(/small call, p50 +[\d.]+ ms +[\d.]+ ms +plain worker thread +x [\d.]+/);
  expect(code).toBe(0);
  const report = JSON.parse(await readFile(path.join(folder, 'deep', 'bench.json'), 'utf8'));
  expect(report.machine).toMatchObject({ node: process.version, cores: expect.any(Number) });
  const [figure] = report.benches[0].figures;
  for (const { samples } of [figure, figure.baseline]) {
    expect(samples).toMatchObject({ p50: expect.any(Number), p99: expect.any(Number) });
  }
  expect(await readdir(folder)).toEqual(['deep']);
});

it('ends at a signal and leaves nothing', async () => {
  const bench = start('--only', 'bus', '--json', path.join(folder, 'bench.json'));
  const lines = linesOf(bench);
  await new Promise<void>((resolve) => {
    bench.stderr?.on('data', (chunk) => String(chunk).includes('bus:') && resolve());
  });
  bench.kill('SIGINT');
  const [code] = await once(bench, 'exit');
  expect(await lines).toContain('ended by SIGINT');
  expect(code).toBe(130);
  expect(await readdir(folder)).toEqual([]);
});

it('lists what there is to measure', async () => {
  const text = await linesOf(start('--list'));
  for (const name of ['bus', 'offload', 'recall', 'turn', 'start', 'loop']) {
    expect(text).toMatch(new RegExp(`^${name} +\\S`, 'm'));
  }
});
