import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readWav } from '@hearth/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saveAnswer, saveSound } from './answers.ts';
import { exitCodeOf, reportTurn } from './turn-report.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-answers-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const SOUND = { rateHz: 22_050, channels: 1, samples: Int16Array.of(1, 2, 3) };

describe('sound of answers', () => {
  it('is written as a WAV file named after the turn', async () => {
    const file = await saveAnswer(folder, 'turn_1-A', SOUND);
    expect(file).toBe(path.join(folder, 'answers', 'turn_1-A.wav'));
    const wav = readWav(await readFile(file));
    expect(wav).toMatchObject({ rateHz: 22_050, channels: 1 });
    expect(wav.samples).toHaveLength(3);
  });

  it('stays in its folder whatever the turn is called', async () => {
    const file = await saveAnswer(folder, '../../etc/x', SOUND);
    expect(path.dirname(file)).toBe(path.join(folder, 'answers'));
  });

  it('is kept for the newest hundred turns', async () => {
    await mkdir(path.join(folder, 'answers'));
    for (let i = 0; i < 105; i += 1) {
      const file = path.join(folder, 'answers', `old-${i}.wav`);
      await writeFile(file, '');
      await utimes(file, 1_000 + i, 1_000 + i);
    }
    await saveAnswer(folder, 'new', SOUND);
    const left = await readdir(path.join(folder, 'answers'));
    expect(left).toHaveLength(100);
    expect(left).toContain('new.wav');
    expect(left).not.toContain('old-5.wav');
    expect(left).toContain('old-6.wav');
  });

  it('is no reason to lose the words when it cannot be kept', async () => {
    await writeFile(path.join(folder, 'answers'), 'a file where the folder should be');
    const result = {
      turnId: 'a',
      outcome: 'answered',
      heard: 'what time is it',
      answer: 'It is noon.',
      sound: SOUND,
      error: null,
      stages: [],
      timeToFirstAudioMs: 1,
    } as const;
    const report = await reportTurn(result, { dataDir: folder, sound: true });
    expect(report).toMatchObject({
      heard: 'what time is it',
      answer: 'It is noon.',
      audio: null,
      error: { code: 'CANNOT_WRITE' },
    });
    expect(exitCodeOf(result, report)).toBe(1);
  });

  it('says CANNOT_WRITE when there is no such folder', async () => {
    await expect(saveSound(path.join(folder, 'no', 'x.wav'), SOUND)).rejects.toMatchObject({
      code: 'CANNOT_WRITE',
    });
  });
});
