import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

it.each([
  ['core-has-no-io', 'packages/core/src', "import 'node:fs';"],
  ['apps-never-import-apps', 'apps/router/src', "import '../../../cli/src/main.ts';"],
  [
    'packages-never-import-apps',
    'packages/runtime/src',
    "import '../../../../apps/router/src/main.ts';",
  ],
  ['packages-never-import-apps', 'bench/src', "import '../../../apps/router/src/main.ts';"],
  ['contracts-run-nothing', 'contracts/src', "import 'node:net';"],
  ['mqtt-stays-in-one-file', 'packages/runtime/src', "import 'mqtt';"],
  ['runtime-knows-no-core', 'packages/runtime/src', "import '../../../core/src/index.ts';"],
])('refuses a violation of %s that is planted in %s', async (rule, folder, line) => {
  const planted = await plant(folder, line);
  try {
    const { stdout } = await cruise(planted);
    expect(stdout).toContain(rule);
  } finally {
    await rm(path.dirname(planted), { recursive: true });
  }
});

/** In a folder of its own, so that suites that run at the same time do not see each other's. */
async function plant(folder: string, line: string): Promise<string> {
  await mkdir(path.join(root, folder), { recursive: true });
  const nest = await mkdtemp(path.join(root, folder, 'planted-'));
  const file = path.join(nest, 'planted.ts');
  await writeFile(file, `${line}\n`);
  return file;
}

/** dependency-cruiser exits with the number of violations; that is what is looked for. */
async function cruise(file: string): Promise<{ stdout: string }> {
  const binary = path.join(root, 'node_modules/.bin/depcruise');
  const args = ['--config', '.dependency-cruiser.cjs', path.relative(root, file)];
  return run(binary, args, { cwd: root }).catch((error: { stdout: string }) => error);
}
