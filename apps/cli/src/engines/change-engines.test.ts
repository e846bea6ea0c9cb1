/** Installs with the real pnpm, from packages in a folder. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { importOptional } from '@hearth/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADDONS, type Addon, addonNamed } from './addons.ts';
import { addEngine, type ChangeOptions, removeEngine } from './change-engines.ts';
import { stateOfAddon } from './engine-folder.ts';

const LONG = { timeout: 60_000 };

let root: string;
let folder: string;
let packages: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'hearth-engines-'));
  folder = path.join(root, 'engines');
  packages = path.join(root, 'packages');
});
afterEach(() => rm(root, { recursive: true }));

/** @returns what to write as its version */
async function pack(name: string, more: object = {}): Promise<string> {
  const at = path.join(packages, name);
  await mkdir(at, { recursive: true });
  const manifest = { name, version: '1.0.0', main: 'main.js', ...more };
  await writeFile(path.join(at, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(at, 'main.js'), `exports.is = ${JSON.stringify(name)}`);
  return `file:${at}`;
}

async function addon(name: string, more: object = {}): Promise<Addon> {
  const version = await pack(`hearth-test-${name}`, more);
  const found = { [`hearth-test-${name}`]: version };
  return { name, about: '', licence: 'MIT', packages: found, megabytes: 1 };
}

function options(addons: readonly Addon[], more: Partial<ChangeOptions> = {}): ChangeOptions {
  const signal = new AbortController().signal;
  // Nothing is fetched: where something would be, it fails.
  const env = { ...process.env, npm_config_registry: 'http://127.0.0.1:9/' };
  return { folder, addons, env, signal, onLine: () => {}, ...more };
}

const load = (name: string) =>
  importOptional<object>(`hearth-test-${name}`, { enginesDir: folder, addName: name });
const exists = (file: string) => stat(file).then(Boolean, () => false);
/** What an earlier command left over would be here. */
const parts = async () => (await readdir(folder)).sort();
const WHOLE = ['node_modules', 'package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'];

describe('an engine', () => {
  it('that was added can be imported, and those before it still can', LONG, async () => {
    const all = [await addon('one'), await addon('two')];
    for (const each of all) expect(await addEngine(each, options(all))).toBe(true);
    expect(await load('one')).toMatchObject({ is: 'hearth-test-one' });
    expect(await load('two')).toMatchObject({ is: 'hearth-test-two' });
    expect(await parts()).toEqual(WHOLE);
  });

  it('that was removed cannot, and the others still can', LONG, async () => {
    const all = [await addon('one'), await addon('two')];
    for (const each of all) await addEngine(each, options(all));
    expect(await removeEngine(addonNamed('one', all), options(all))).toBe(true);
    await expect(load('one')).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
    expect(await load('two')).toMatchObject({ is: 'hearth-test-two' });
    expect(await removeEngine(addonNamed('one', all), options(all))).toBe(false);
  });

  it('runs none of its scripts when it is installed', LONG, async () => {
    const marker = path.join(root, 'ran');
    const script = `node -e "require('fs').writeFileSync('${marker}', '')"`;
    const scripts = { preinstall: script, install: script, postinstall: script };
    const one = await addon('one', { scripts });
    await addEngine(one, options([one]));
    expect(await load('one')).toBeDefined();
    expect(await exists(marker)).toBe(false);
  });

  it('comes without its variants for graphics cards', LONG, async () => {
    const optionalDependencies = {
      'hearth-test-plain': await pack('hearth-test-plain'),
      'hearth-test-cuda': await pack('hearth-test-cuda'),
      'hearth-test-x64-vulkan': await pack('hearth-test-x64-vulkan'),
    };
    const one = await addon('one', { optionalDependencies });
    await addEngine(one, options([one]));
    const installed = await readdir(path.join(folder, 'node_modules'));
    expect(installed.filter((name) => name.startsWith('hearth-')).sort()).toEqual([
      'hearth-test-one',
      'hearth-test-plain',
    ]);
  });

  it('whose installation fails leaves everything as it was', LONG, async () => {
    const one = await addon('one');
    const away: Addon = { ...one, name: 'away', packages: { 'hearth-test-away': '1.0.0' } };
    await addEngine(one, options([one, away]));
    const before = await readFile(path.join(folder, 'package.json'), 'utf8');
    await expect(addEngine(away, options([one, away]))).rejects.toMatchObject({
      code: 'OFFLINE',
      message: expect.stringContaining('Is this machine online? Nothing was changed.'),
    });
    expect(await readFile(path.join(folder, 'package.json'), 'utf8')).toBe(before);
    expect(await load('one')).toBeDefined();
    expect(await parts()).toEqual(WHOLE);
  });

  it('is not installed at Ctrl-C, and nothing is left of it', LONG, async () => {
    const one = await addon('one');
    const stop = new AbortController();
    const adding = addEngine(one, options([one], { signal: stop.signal }));
    stop.abort(new Error('Ctrl-C'));
    await expect(adding).rejects.toThrow('Ctrl-C');
    expect(await stateOfAddon(one, folder)).toBe('absent');
  });

  it('that does not fit on the disk is not begun', async () => {
    const huge = { ...(await addon('one')), megabytes: 1e12 };
    await expect(addEngine(huge, options([huge]))).rejects.toMatchObject({ code: 'NO_SPACE' });
    expect(await parts()).toEqual([]);
  });

  it('is as it was before a command that was killed between its steps', LONG, async () => {
    const one = await addon('one');
    await addEngine(one, options([one]));
    await mkdir(path.join(folder, '.old'));
    const rest = path.join(folder, '.old', 'node_modules');
    await rename(path.join(folder, 'node_modules'), rest);
    expect(await removeEngine({ ...one, name: 'other' }, options([one]))).toBe(false);
    expect(await load('one')).toBeDefined();
    expect(await parts()).toEqual(WHOLE);
  });
});

describe('two commands at the same time', () => {
  it('do not write into one folder: the second is told about the first', async () => {
    await mkdir(folder);
    await writeFile(path.join(folder, '.hearth-lock'), String(process.pid));
    const one = await addon('one');
    await expect(addEngine(one, options([one]))).rejects.toMatchObject({
      code: 'BUSY',
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  it('that one was killed does not matter to the next', async () => {
    await mkdir(folder);
    await writeFile(path.join(folder, '.hearth-lock'), '999999999');
    const one = await addon('one');
    expect(await removeEngine(one, options([one]))).toBe(false);
    expect(await parts()).toEqual([]);
  });
});

describe('the list of engines', () => {
  it('has exact versions only', () => {
    for (const { packages } of ADDONS)
      for (const version of Object.values(packages)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
