import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Apps share no code, so the recogniser's own copy of the sentences is held against their source. `vitest -u tests` renews it. */
it('lets the recogniser alone listen for what the built-in model understands', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=development', 'apps/llm-worker/src/main.ts', 'intents', '--json'],
    { cwd: root },
  );
  const intents: unknown = JSON.parse(stdout);
  await expect(`${JSON.stringify(intents, null, 2)}\n`).toMatchFileSnapshot(
    '../apps/stt-worker/src/everyday-intents.json',
  );
});
