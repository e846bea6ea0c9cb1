/** `hearth models build NAME`: what an engine brings as source is compiled by the worker that uses it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { UserError } from '@hearth/runtime';
import { EXIT } from '../show/screen.ts';
import { entryOf, EXEC_ARGV } from '../house/workers.ts';
import type { Invocation } from './common.ts';

/** Where each is built, and by which command. */
const BUILDERS = new Map([['whisper-node', { app: 'stt-worker', command: 'build-whisper-node' }]]);

/** @returns the exit code */
export async function build(
  { settings, screen, signal }: Invocation,
  name: string,
): Promise<number> {
  const builder = BUILDERS.get(name);
  if (!builder) {
    const message = `There is nothing to build for "${name}". There is: ${[...BUILDERS.keys()].join(', ')}.`;
    throw new UserError('UNKNOWN_BUILD', message, { exitCode: EXIT.usage });
  }
  const { HEARTH_DATA_DIR, HEARTH_ENGINES_DIR } = settings;
  const flags = screen.json ? ['--json'] : [];
  const args = [...EXEC_ARGV, entryOf(builder.app), builder.command, ...flags];
  screen.tell(`Building ${name}: this takes some minutes.`);
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, HEARTH_DATA_DIR, HEARTH_ENGINES_DIR },
    signal,
  });
  const [code] = await once(child, 'close');
  return typeof code === 'number' ? code : EXIT.failed;
}
