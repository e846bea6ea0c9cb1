/** Export and import from the command line. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSettings } from '@hearth/runtime';
import { recordLog } from '@hearth/runtime/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commands } from './commands.ts';
import { settings } from './config.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-memory-'));
});
afterEach(async () => rm(folder, { recursive: true }));

describe('export and import', () => {
  it('carry everything into another memory, and nothing twice', async () => {
    await run('a', 'store', ['the', 'spare', 'key'], { at: '2026-01-02T03:04', site: 'hall' });
    await run('a', 'store', ['hello'], { role: 'user', speaker: 'Ann', turn: 't1' });
    const { human } = await run('a', 'export', []);
    expect(human.split('\n')).toHaveLength(2);
    const file = path.join(folder, 'kept.jsonl');
    await writeFile(file, `${human}\n\n`);
    expect((await run('b', 'import', [file])).json).toEqual({ read: 2, added: 2 });
    expect((await run('b', 'import', [file])).json).toEqual({ read: 2, added: 0 });
    expect((await run('b', 'export', [])).human).toBe(human);
  });

  it('refuse a file with a broken line as a whole, without repeating it', async () => {
    const file = path.join(folder, 'broken.jsonl');
    await writeFile(
      file,
      '{"role":"user","text":"fine","ts":1}\n{"role":"user","text":"secret"}\n',
    );
    await expect(run('a', 'import', [file])).rejects.toThrow(
      /^.*broken\.jsonl: line 2 is no entry of an export\.$/,
    );
    await expect(run('a', 'import', [path.join(folder, 'none')])).rejects.toThrow('cannot be read');
    expect((await run('a', 'export', [])).human).toBe('');
  });

  it('give the newest and what was said around them', async () => {
    await run('a', 'store', ['where is the saw'], { role: 'user', at: '2026-01-01T10:00' });
    await run('a', 'store', ['It hangs in the shed.'], {
      role: 'assistant',
      at: '2026-01-01T10:01',
    });
    const { json } = await run('a', 'query', ['anything'], { strategy: 'recent', context: '1' });
    expect(json).toMatchObject({
      passages: [
        { text: 'It hangs in the shed.', before: [{ role: 'user', text: 'where is the saw' }] },
        { text: 'where is the saw', before: [], after: [{ role: 'assistant' }] },
      ],
    });
  });
});

async function run(
  house: string,
  name: string,
  args: string[],
  options: Record<string, string> = {},
) {
  const command = commands.find((one) => one.name === name);
  if (!command) throw new Error(`no command ${name}`);
  const printed = { human: '', json: {} };
  await command.run({
    settings: await readSettings('memory-worker', settings, {
      HEARTH_DATA_DIR: path.join(folder, house),
    }),
    args,
    options,
    log: recordLog().log,
    signal: AbortSignal.timeout(20_000),
    print: (human, json) => Object.assign(printed, { human, json }),
  });
  return printed;
}
