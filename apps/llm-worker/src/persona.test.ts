import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instructionsFor, readPersona } from './persona.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-persona-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  const full = path.join(folder, name);
  await writeFile(full, content);
  return full;
}

const TARS = { name: 'Tars', style: 'Dry.', traits: { humor: 75, honesty: 90 } };
const MOMENT = { now: Date.UTC(2026, 10, 21, 14, 5), timeZone: 'Europe/Berlin', siteId: 'kitchen' };

describe('a persona', () => {
  it('is read from YAML or TOML', async () => {
    const yaml = await file(
      'a.yaml',
      'name: Tars\nstyle: Dry.\ntraits: { humor: 75, honesty: 90 }',
    );
    const toml = await file('a.toml', 'name="Tars"\nstyle="Dry."\n[traits]\nhumor=75\nhonesty=90');
    expect(await readPersona(yaml)).toEqual(TARS);
    expect(await readPersona(toml)).toEqual(TARS);
  });

  it('has defaults', async () => {
    expect(await readPersona(undefined)).toEqual({ name: 'Hearth', traits: [] });
    expect(await readPersona(await file('empty.yaml', ''))).toMatchObject({ name: 'Hearth' });
  });

  it.each([
    ['a.yaml', 'name: [', 'cannot be parsed'],
    ['a.toml', 'name', 'cannot be parsed'],
    ['a.yaml', 'nam: Tars', 'nam'],
    ['a.yaml', 'traits: 7', 'traits'],
  ])('in %s that is %j is refused with file and reason', async (name, content, reason) => {
    const broken = await file(name, content);
    const error = await readPersona(broken).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'BAD_PERSONA', exitCode: 78 });
    expect(String(error)).toContain(broken);
    expect(String(error)).toContain(reason);
  });

  it('that is missing is refused with its name', async () => {
    await expect(readPersona('no/such/file.yaml')).rejects.toThrow(
      'The persona file no/such/file.yaml cannot be read (ENOENT)',
    );
  });

  it('is told with its traits, where it is asked, and when', () => {
    const told = instructionsFor(TARS, MOMENT);
    expect(told).toMatch(/^You are Tars,/);
    expect(told).toContain('Style: Dry.');
    expect(told).toContain('Traits: humor 75 %, honesty 90 %.');
    expect(told).toContain('Saturday, November 21, 2026 at 3:05');
    expect(told).toContain('"kitchen"');
    expect(instructionsFor(TARS, { ...MOMENT, siteId: 'cli-4656daa3' })).not.toContain('cli');
    expect(instructionsFor({ name: 'A', traits: ['calm', 'brief'] }, MOMENT)).toContain(
      'Traits: calm, brief.',
    );
  });
});
