/** Adds and removes engines: everything is installed beside what is there, and takes its place only when it is complete. */
import { rm, statfs } from 'node:fs/promises';
import { UserError } from '@hearth/runtime';
import { withFolderLock } from '../house/folder-lock.ts';
import type { Addon } from './addons.ts';
import { readAdded, recover, replaceWith, stage, stateOfAddon } from './engine-folder.ts';
import { installPackages, type InstallOptions } from './pnpm.ts';

/** Left free for everything else on the disk. */
const SPARE_MB = 200;

export interface ChangeOptions extends InstallOptions {
  /** HEARTH_ENGINES_DIR */
  readonly folder: string;
  /** All there are. */
  readonly addons: readonly Addon[];
}

/** @returns false when it was there already */
export async function addEngine(addon: Addon, options: ChangeOptions): Promise<boolean> {
  const { folder, addons } = options;
  return await changing(folder, async () => {
    const added = await readAdded(folder);
    if (added.includes(addon.name) && (await stateOfAddon(addon, folder)) === 'present')
      return false;
    await checkSpace(folder, addon.megabytes);
    const wanted = addons.filter(({ name }) => name === addon.name || added.includes(name));
    await install(wanted, options);
    return true;
  });
}

/** @returns false when it was not there */
export async function removeEngine(addon: Addon, options: ChangeOptions): Promise<boolean> {
  const { folder, addons } = options;
  return await changing(folder, async () => {
    const added = await readAdded(folder);
    if (!added.includes(addon.name)) return false;
    const wanted = addons.filter(({ name }) => name !== addon.name && added.includes(name));
    await install(wanted, options);
    return true;
  });
}

async function changing(folder: string, change: () => Promise<boolean>): Promise<boolean> {
  return await withFolderLock(folder, 'installing engines', async () => {
    await recover(folder);
    return await change();
  });
}

async function install(
  addons: readonly Addon[],
  { folder, ...options }: ChangeOptions,
): Promise<void> {
  const staging = await stage(folder, addons);
  try {
    if (addons.length > 0) await installPackages(staging, options);
    options.signal.throwIfAborted();
    await replaceWith(folder, staging);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** @throws UserError `NO_SPACE` */
async function checkSpace(folder: string, megabytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeMb = Math.floor((bavail * bsize) / 1e6);
  if (freeMb >= megabytes + SPARE_MB) return;
  const message = `There is not enough space in ${folder}: it takes ${megabytes} MB, ${freeMb} MB are free, and ${SPARE_MB} MB must stay so.`;
  throw new UserError('NO_SPACE', message);
}
