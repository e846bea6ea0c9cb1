/** HEARTH_ENGINES_DIR: a package of its own, whose dependencies are the engines that were added. */
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Addon } from './addons.ts';

/** What an installation consists of. Everything else in the folder (programs that were built) stays as it is. */
const PARTS = ['node_modules', 'package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'] as const;
const STAGING = '.staging';
const OLD = '.old';

const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  hearthEngines: z.array(z.string()).default([]),
});

/** Names of the engines that were added. */
export async function readAdded(folder: string): Promise<string[]> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => '{}');
  return manifestSchema.safeParse(parse(text)).data?.hearthEngines ?? [];
}

export type AddonState = 'absent' | 'present' | 'incomplete' | 'other version';

/** As the packages themselves say. */
export async function stateOfAddon(addon: Addon, folder: string): Promise<AddonState> {
  const wanted = Object.entries(addon.packages);
  const found = await Promise.all(wanted.map(([name]) => versionOf(folder, name)));
  const present = found.filter((version) => version !== undefined).length;
  if (present === 0) return 'absent';
  if (present < wanted.length) return 'incomplete';
  return found.every((version, index) => version === wanted[index]?.[1])
    ? 'present'
    : 'other version';
}

/** A folder to install into, with the versions that are installed now as a beginning. */
export async function stage(folder: string, addons: readonly Addon[]): Promise<string> {
  const staging = path.join(folder, STAGING);
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  const manifest = {
    name: 'hearth-engines',
    private: true,
    description: 'Written by "hearth engines": changes are overwritten.',
    hearthEngines: addons.map(({ name }) => name),
    dependencies: Object.assign({}, ...addons.map(({ packages }) => packages)),
  };
  await writeFile(path.join(staging, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(path.join(staging, 'pnpm-workspace.yaml'), PNPM_SETTINGS);
  const lock = await readFile(path.join(folder, 'pnpm-lock.yaml')).catch(() => undefined);
  if (lock) await writeFile(path.join(staging, 'pnpm-lock.yaml'), lock);
  return staging;
}

/** A workspace of its own, wherever the folder is: else pnpm would take it for a part of the one around it. */
const PNPM_SETTINGS = `# Libraries look for their binaries in node_modules as npm lays it out.
nodeLinker: hoisted
# For graphics cards: hundreds of megabytes that a CPU has no use for.
ignoredOptionalDependencies:
  - '*-cuda'
  - '*-cuda-ext'
  - '*-vulkan'
`;

/** Puts what was staged in the place of what is there. What is in use stays open to those who use it. */
export async function replaceWith(folder: string, staging: string): Promise<void> {
  const old = path.join(folder, OLD);
  await rm(old, { recursive: true, force: true });
  await mkdir(old);
  for (const part of PARTS) {
    await move(path.join(folder, part), path.join(old, part));
    await move(path.join(staging, part), path.join(folder, part));
  }
  await rm(old, { recursive: true, force: true });
  await rm(staging, { recursive: true, force: true });
}

/** After a command that was killed between two steps: what was there before comes back. */
export async function recover(folder: string): Promise<void> {
  const old = path.join(folder, OLD);
  for (const part of PARTS) {
    const before = path.join(old, part);
    if (!(await exists(before))) continue;
    await rm(path.join(folder, part), { recursive: true, force: true });
    await move(before, path.join(folder, part));
  }
  await rm(old, { recursive: true, force: true });
  await rm(path.join(folder, STAGING), { recursive: true, force: true });
}

async function versionOf(folder: string, name: string): Promise<string | undefined> {
  const file = path.join(folder, 'node_modules', name, 'package.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return z.object({ version: z.string() }).safeParse(parse(text)).data?.version;
}

/** What is not there need not be moved. */
async function move(from: string, to: string): Promise<void> {
  if (await exists(from)) await rename(from, to);
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
