import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sttFinal } from '@hearth/contracts';
import { writeWav } from '@hearth/core';
import { startTestBroker, type TestBroker } from '@hearth/runtime/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { connect } from './house/connect.ts';
import { freePort } from './house/port.ts';
import { readCliSettings } from './settings.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const LONG = { timeout: 20_000 };

let folder: string;
let broker: TestBroker;
const started: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-cli-'));
  broker = await startTestBroker();
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

afterAll(async () => {
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  out: string;
  err: string;
}

function start(args: readonly string[], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, ['--conditions=development', MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HEARTH_DATA_DIR: folder, ...env },
  });
  started.push(child);
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  const run: Run = { child, ended, out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (run.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (run.err += chunk.toString()));
  return run;
}

async function hearth(args: readonly string[], env: Record<string, string> = {}) {
  const run = start(args, env);
  const code = await run.ended;
  return { code, out: run.out, err: run.err };
}

describe('the program hearth', () => {
  it.each([
    [],
    ['up'],
    ['listen'],
    ['ask'],
    ['say'],
    ['watch'],
    ['broker'],
    ['models'],
    ['engines', 'add'],
  ])('has help: %s', async (...command: string[]) => {
    const { code, out } = await hearth([...command, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: hearth${command.map((word) => ` ${word}`).join('')}`);
  });

  it('ends with 2 and a hint at an unknown command', async () => {
    const { code, out, err } = await hearth(['lisen', 'x.wav']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain("unknown command 'lisen'");
    expect(err).toContain('listen');
  });

  it('refuses a file before anything is started, in one plain line', async () => {
    const { code, out, err } = await hearth(['listen', 'absent.wav']);
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: 'There is no file absent.wav.\n' });
  });

  it('prints one JSON object of the same shape when there was no turn', async () => {
    const samples = new Int16Array(16_000);
    await writeFile(
      path.join(folder, 'silent.wav'),
      writeWav({ rateHz: 16_000, channels: 1, samples }),
    );
    const { code, out } = await hearth(['listen', 'silent.wav', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      turnId: null,
      heard: '',
      answer: '',
      audio: null,
      error: { code: 'SILENT_AUDIO', message: expect.any(String) },
      stages: [],
      timeToFirstAudioMs: null,
    });
  });

  it.each([
    ['TEXT_TOO_LONG', 'x'.repeat(4_001)],
    ['NO_TEXT', ' '],
  ])('ends with 2 at a question that cannot be asked: %s', async (code, text) => {
    const asked = await hearth(['ask', text, '--json']);
    expect(asked.code).toBe(2);
    expect(JSON.parse(asked.out)).toMatchObject({ turnId: null, error: { code } });
  });

  it('says that the broker of MQTT_URL cannot be reached', async () => {
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    const { code, err } = await hearth(['ask', 'hello'], { MQTT_URL: url });
    expect(code).toBe(1);
    expect(err).toContain(`The broker at ${url} cannot be reached`);
    expect(err).not.toContain('    at ');
  });

  it('ends with 78 at a wrong setting', async () => {
    const { code, err } = await hearth(['ask', 'hello'], { MQTT_URL: 'http://x' });
    expect(code).toBe(78);
    expect(err).toContain('MQTT_URL');
  });

  it('says who has the port that was asked for', async () => {
    const { code, err } = await hearth(['up', '--port', String(broker.port)]);
    expect(code).toBe(1);
    expect(err).toContain(`Port ${broker.port} of 127.0.0.1 is taken by another MQTT broker`);
  });

  it('runs the broker until it is told to stop', async () => {
    const run = start(['broker', '--port', '0', '--json']);
    await vi.waitFor(() => expect(run.out).toContain('\n'), LONG);
    const { url, pid } = JSON.parse(run.out);
    expect(pid).toBe(run.child.pid);
    const bus = await connect({ url, settings: await readCliSettings({}) });
    await bus.close();
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  it('ends when npm was told to stop: the shell in between dies and says nothing', async () => {
    const shell = spawn(
      'sh',
      [
        '-c',
        `"${process.execPath}" --conditions=development "${MAIN}" broker --port 0 --json; true`,
      ],
      {
        cwd: folder,
        env: { PATH: process.env['PATH'], HEARTH_DATA_DIR: folder, npm_command: 'exec' },
      },
    );
    started.push(shell);
    await once(shell.stdout, 'data');
    shell.kill('SIGTERM');
    // The pipe stays open as long as the broker lives.
    await once(shell.stdout, 'close');
  });

  it('says that nobody is there to be watched', async () => {
    const { code, err } = await hearth(['watch'], { HEARTH_PORT: String(await freePort()) });
    expect(code).toBe(1);
    expect(err).toContain('No assistant is running here');
  });

  it('shows what happens on the bus without the words, or with them when asked', async () => {
    const env = { MQTT_URL: broker.url };
    const hidden = start(['watch', '--json'], env);
    const open = start(['watch', '--show-text'], env);
    const bus = await connect({ url: broker.url, settings: await readCliSettings({}) });
    const said = { text: 'my secret', confidence: 1, speechMs: 900, engine: 'test' };
    await vi.waitFor(async () => {
      await bus.publish(sttFinal, said, { siteId: 'kitchen', turnId: 't1' });
      expect(hidden.out).toContain('stt/final');
      expect(open.out).toContain('my secret');
    }, LONG);
    const [first] = hidden.out.split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({
      topic: 'stt/final',
      siteId: 'kitchen',
      turnId: 't1',
      data: { text: '(9 characters)', engine: 'test' },
    });
    hidden.child.kill('SIGINT');
    expect(await hidden.ended).toBe(0);
    await bus.close();
  });
});
