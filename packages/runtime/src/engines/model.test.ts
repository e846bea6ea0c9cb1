import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireModel } from './model.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-model-'));
  file = path.join(folder, 'voice.onnx');
});
afterEach(() => rm(folder, { recursive: true }));

const sha256 = createHash('sha256').update('model').digest('hex');

describe('a model file', () => {
  it('that is there and whole is given with its absolute path', async () => {
    await writeFile(file, 'model');
    expect(await requireModel(path.relative('.', file), { sha256 })).toBe(file);
  });

  it('that is missing is named, with the command that fetches it', async () => {
    await expect(requireModel(file, { pullName: 'voice' })).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: `The model file ${file} is missing. Run: npx hearth models pull voice`,
    });
  });

  const broken: [string, () => Promise<void>, string][] = [
    ['is empty', () => writeFile(file, ''), 'is empty'],
    ['was changed', () => writeFile(file, 'modem'), 'is broken: its sha256 is wrong'],
    ['is a folder', async () => void (file = folder), 'is not a file'],
  ];
  it.each(broken)('that %s is named as broken', async (_, make, what) => {
    await make();
    await expect(requireModel(file, { sha256 })).rejects.toMatchObject({
      code: 'MODEL_BROKEN',
      message: `The model file ${file} ${what}.`,
    });
  });
});
