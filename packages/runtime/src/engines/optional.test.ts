import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importOptional } from './optional.ts';

let enginesDir: string;
beforeEach(async () => {
  enginesDir = await mkdtemp(path.join(tmpdir(), 'hearth-engines-'));
});
afterEach(() => rm(enginesDir, { recursive: true }));

async function install(name: string, manifest: object, files: Record<string, string>) {
  const folder = path.join(enginesDir, 'node_modules', name);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name, ...manifest }));
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(folder, file), text);
}

const get = <Module>(name: string) => importOptional<Module>(name, { enginesDir, addName: 'some' });

describe('an optional package', () => {
  it('is imported from the folder of engines, also when it cannot be required', async () => {
    const exports = { '.': { import: './a.js' }, './part': { import: './b.js' } };
    const files = { 'a.js': 'export const is = "whole"', 'b.js': 'export const is = "part"' };
    await install('hearth-test-esm', { type: 'module', exports }, files);
    expect(await get('hearth-test-esm')).toMatchObject({ is: 'whole' });
    expect(await get('hearth-test-esm/part')).toMatchObject({ is: 'part' });
  });

  it('may be CommonJS', async () => {
    await install('@hearth-test/cjs', { main: 'a.js' }, { 'a.js': 'exports.is = "common"' });
    expect(await get('@hearth-test/cjs')).toMatchObject({ is: 'common' });
  });

  it('that is missing says how to install it', async () => {
    await expect(get('hearth-test-missing')).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: 'some is not installed. Run: npx hearth engines add some',
    });
  });

  it('is found once it is installed, without a restart', async () => {
    await expect(get('hearth-test-later')).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
    await install('hearth-test-later', { main: 'a.js' }, { 'a.js': 'exports.is = "here"' });
    expect(await get('hearth-test-later')).toMatchObject({ is: 'here' });
  });

  it('that does not load says why', async () => {
    const files = { 'a.js': 'throw new Error("libgomp.so.1 is missing")' };
    await install('hearth-test-broken', { main: 'a.js' }, files);
    await expect(get('hearth-test-broken')).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message:
        'some is installed but cannot be loaded (libgomp.so.1 is missing). Run: npx hearth engines add some',
    });
  });
});
