/** What an engine does to the process around its thread: nothing. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { siblingModule } from './sibling.ts';

/** Rejects when it does not end by itself. */
function run(fixture: string): Promise<{ stdout: string; stderr: string }> {
  const script = fileURLToPath(siblingModule(import.meta.url, `./fixtures/${fixture}`));
  return promisify(execFile)(process.execPath, [script], { timeout: 20_000 });
}

it('keeps what an engine prints, and where it listens, in the thread', async () => {
  const { stdout, stderr } = await run('print-json');
  expect(stdout).toBe('{"said":"quiet","listeners":0}\n');
  expect(stderr).toBe('');
});

it('lets the process end although a call never does', async () => {
  const { stdout } = await run('leave-hanging');
  expect(stdout).toBe('dying: closed before the call was over\n');
});
