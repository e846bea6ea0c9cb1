/** Opens engines for tests as a service does: from its settings. */
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openEngine, readSettings } from '@hearth/runtime';
import { settings } from '../config.ts';
import { specOf, type TtsEngine } from '../engine.ts';
import type { Synthesizer } from './synthesizer.ts';

export async function openTestEngine(
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<TtsEngine> {
  const all = await readSettings('tts-worker', settings, env);
  return await openEngine<Synthesizer>(await specOf(name, all));
}

const root = resolve(import.meta.dirname, '../../../..');

/** A file of HEARTH_TEST_DATA, undefined when it is not there. */
export async function testData(file: string): Promise<string | undefined> {
  return await ifThere(resolve(root, process.env['HEARTH_TEST_DATA'] ?? '../shared/data', file));
}

/** The folder of installed engines when it has this package. */
export async function enginesDirWith(name: string): Promise<string | undefined> {
  const folder = process.env['HEARTH_ENGINES_DIR'] ?? resolve(root, 'data/engines');
  return (await ifThere(resolve(folder, 'node_modules', name))) && folder;
}

async function ifThere(file: string): Promise<string | undefined> {
  return await access(file).then(
    () => file,
    () => undefined,
  );
}
