/** Opens engines for tests as a service does: from its settings. */
import { existsSync } from 'node:fs';
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
  return await openEngine<Synthesizer>(specOf(name, all));
}

const root = resolve(import.meta.dirname, '../../../..');

/** A file of HEARTH_TEST_DATA, undefined when it is not there. */
export function testData(file: string): string | undefined {
  const found = resolve(root, process.env['HEARTH_TEST_DATA'] ?? '../shared/data', file);
  return existsSync(found) ? found : undefined;
}

/** The folder of installed engines when it has this package. */
export function enginesDirWith(name: string): string | undefined {
  const folder = process.env['HEARTH_ENGINES_DIR'] ?? resolve(root, 'data/engines');
  return existsSync(resolve(folder, 'node_modules', name)) ? folder : undefined;
}
