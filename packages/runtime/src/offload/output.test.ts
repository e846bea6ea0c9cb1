/** What an engine prints, and where it listens, stays in its thread. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { siblingModule } from './sibling.ts';

it('keeps the output and the listeners of an engine away from the process', async () => {
  const script = fileURLToPath(siblingModule(import.meta.url, './fixtures/print-json'));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script], {
    timeout: 20_000,
  });
  expect(stdout).toBe('{"said":"quiet","listeners":0}\n');
  expect(stderr).toBe('');
});
