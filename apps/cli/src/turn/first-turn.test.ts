import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readWav } from '@hearth/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const APPS = fileURLToPath(new URL('../../..', import.meta.url));
const WORKERS = ['stt-worker', 'tts-worker', 'memory-worker', 'llm-worker', 'router'];
const missing = WORKERS.filter((name) => !existsSync(path.join(APPS, name, 'src', 'main.ts')));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-first-turn-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** All real processes: broker, workers, router. */
async function hearth(...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--conditions=development', path.join(APPS, 'cli', 'src', 'main.ts'), ...args],
    { cwd: folder, env: { PATH: process.env['PATH'], HEARTH_DATA_DIR: folder } },
  );
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  const [code]: (number | null)[] = await once(child, 'close');
  return { code, ...text };
}

const why = missing.length > 0 ? ` (skipped: no ${missing.join(', ')} here)` : '';

describe.skipIf(missing.length > 0)(`a whole assistant${why}`, () => {
  it('hears a question in another voice, answers it, speaks, and leaves nothing running', async () => {
    const { code, out, err } = await hearth('up', '--port', '0', '--once', '--json');
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    const turn = JSON.parse(out);
    expect(turn).toMatchObject({
      heard: 'what time is it',
      answer: expect.stringMatching(/\d/),
      error: null,
      timeToFirstAudioMs: expect.any(Number),
    });
    const stages = turn.stages.map(({ name }: { name: string }) => name);
    expect(stages).toEqual(
      expect.arrayContaining(['turn', 'stt.decode', 'llm.answer', 'tts.synthesize']),
    );
    const wav = readWav(await readFile(turn.audio));
    expect(wav.samples.length / wav.rateHz).toBeGreaterThan(0.5);
    expect(await readdir(folder)).not.toContain('run.json');
  }, 120_000);

  it('remembers from one assistant that was brought up for a question to the next', async () => {
    const told = await hearth('ask', '--json', 'remember that the spare key is under the blue pot');
    expect(told.code).toBe(0);
    const asked = await hearth('ask', '--json', 'where is the spare key');
    expect(JSON.parse(asked.out)).toMatchObject({
      answer: expect.stringContaining('under the blue pot'),
      error: null,
    });
  }, 240_000);
});
