/** The evaluation as a program: on a small file of our own, and without one. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PROGRAM = path.join(import.meta.dirname, 'main.ts');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-eval-'));
});
afterEach(async () => rm(folder, { recursive: true }));

describe('eval:memory', () => {
  it('measures recall over the questions that have evidence', async () => {
    const file = path.join(folder, 'talk.json');
    await writeFile(file, JSON.stringify([talk]));
    const { code, stdout } = await run('--data', file, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      data: 'talk.json',
      total: { questions: 2, recall: { at1: 0.75, at5: 1, at10: 1 }, p50Ms: expect.any(Number) },
      conversations: [{ name: 'talk', turns: 4, questions: 2 }],
      categories: [{ category: 1 }, { category: 4 }],
    });
  });

  it('says what to do when its file is not there', async () => {
    const { code, stderr } = await run('--data', path.join(folder, 'none.json'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^There is no file .*none\.json.*--data FILE/);
  });

  it('refuses a file of another kind', async () => {
    const file = path.join(folder, 'other.json');
    await writeFile(file, '{"hello": 1}');
    const { code, stderr } = await run('--data', file);
    expect(code).toBe(1);
    expect(stderr).toContain("is not in LoCoMo's format");
  });
});

async function run(...args: string[]) {
  const { promise, resolve } = Promise.withResolvers<{
    code: number;
    stdout: string;
    stderr: string;
  }>();
  const flags = ['--conditions=development', PROGRAM, ...args];
  const child = execFile(process.execPath, flags, { timeout: 25_000 }, (_, stdout, stderr) =>
    resolve({ code: child.exitCode ?? -1, stdout, stderr }),
  );
  return promise;
}

const talk = {
  sample_id: 'talk',
  conversation: {
    speaker_a: 'Ann',
    speaker_b: 'Bob',
    session_1_date_time: '1:56 pm on 8 May, 2023',
    session_1: [
      { speaker: 'Ann', dia_id: 'D1:1', text: 'Where did you get that bicycle?' },
      { speaker: 'Bob', dia_id: 'D1:2', text: 'At the flea market near the harbour.' },
    ],
    session_2_date_time: '12:05 am on 1 June, 2023',
    session_2: [
      { speaker: 'Ann', dia_id: 'D2:1', text: 'My sister plays the violin.' },
      { speaker: 'Bob', dia_id: 'D2:2', text: 'How nice, my brother plays the drums.' },
    ],
  },
  qa: [
    { question: 'Where did Bob get his bicycle?', category: 4, evidence: ['D1:2'] },
    { question: 'Which instruments are played?', category: 1, evidence: ['D2:1; D:2:2'] },
    { question: 'What does Ann drive?', category: 5, evidence: ['D1:1'] },
    { question: 'What did nobody say?', category: 4, evidence: [] },
  ],
};
