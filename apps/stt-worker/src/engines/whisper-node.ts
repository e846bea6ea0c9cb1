/**
 * Takes dictation with the whisper.cpp of the package whisper-node, one process per utterance.
 *
 * The package itself is never imported: its import compiles, changes the working directory and may end the process, and
 * it puts file names into a shell command. Its binary is built once (`../whisper/build.ts`) and called with an argument
 * array.
 */
import { execFile, type ExecFileException } from 'node:child_process';
import { access, constants, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SPEECH_RATE_HZ } from '@hearth/contracts';
import { writeWav } from '@hearth/core';
import { type CallTools, RuntimeError } from '@hearth/runtime';
import { builtBinary } from '../whisper/build.ts';
import { dictate, type Written } from '../whisper/dictate.ts';
import { requireWhisperModel, type WhisperSettings } from '../whisper/model.ts';
import { readWritten } from '../whisper/written.ts';
import type { AsyncTranscriber, Hearing, Recording } from './transcriber.ts';

export interface Options extends WhisperSettings {
  readonly enginesDir: string;
  /** A process that takes longer is killed. */
  readonly limitMs: number;
  /** Where utterances lie while they are transcribed; else the folder for temporary files. */
  readonly folder?: string | undefined;
}

/** The text is read from a file; this is what it prints besides. */
const MAX_OUTPUT_BYTES = 1_000_000;

export class Engine implements AsyncTranscriber {
  readonly #options: Options;
  readonly #closed = new AbortController();
  readonly #binary: string;
  #model = '';

  constructor(options: Options) {
    this.#options = options;
    this.#binary = builtBinary(options.enginesDir);
  }

  async load(): Promise<void> {
    this.#model = await requireWhisperModel(this.#options.model);
    await access(this.#binary, constants.X_OK).catch((cause: unknown) => {
      const message = `whisper-node is not built (${this.#binary}). Run: npx hearth models build whisper-node`;
      throw new RuntimeError('ENGINE_UNAVAILABLE', message, { cause });
    });
  }

  transcribeAsync({ samples }: Recording, { signal }: CallTools): Promise<Hearing> {
    const stop = AbortSignal.any([signal, this.#closed.signal]);
    return dictate(samples, (sound) => this.#write(sound, stop));
  }

  close(): void {
    this.#closed.abort();
  }

  async #write(samples: Int16Array, signal: AbortSignal): Promise<Written> {
    const folder = await mkdtemp(path.join(this.#options.folder ?? tmpdir(), 'hearth-whisper-'));
    try {
      const wav = path.join(folder, 'utterance.wav');
      const written = path.join(folder, 'written');
      const sound = { rateHz: SPEECH_RATE_HZ, channels: 1, samples };
      await writeFile(wav, writeWav(sound), { mode: 0o600, signal });
      await this.#run(wav, written, folder, signal);
      return readWritten(await readFile(`${written}.json`, 'utf8'));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #run(wav: string, written: string, folder: string, signal: AbortSignal): Promise<void> {
    const { language, translate, prompt, threads, limitMs } = this.#options;
    const args = ['-m', this.#model, '-f', wav, '-of', written, '-ojf', '-l', language];
    args.push('-t', `${threads}`, '-ng');
    if (translate) args.push('-tr');
    if (prompt !== '') args.push('--prompt', prompt);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    execFile(
      this.#binary,
      args,
      {
        cwd: folder,
        signal,
        timeout: limitMs,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
        env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' },
      },
      // What it printed is not kept: it holds what was said.
      (error) => (error ? reject(processFailed(error, signal, limitMs)) : resolve()),
    );
    await promise;
  }
}

function processFailed(
  { code, killed, signal: killer }: ExecFileException,
  signal: AbortSignal,
  limitMs: number,
): RuntimeError {
  if (signal.aborted) return new RuntimeError('CANCELLED', 'whisper-node: cancelled');
  // A code in words is that of a failure before or beside the process: ENOENT, too much output.
  if (killed && typeof code !== 'string') {
    return new RuntimeError('TIMEOUT', `whisper-node: took longer than ${limitMs} ms`);
  }
  return new RuntimeError('ENGINE_FAILED', `whisper-node: the process failed (${code ?? killer})`);
}
