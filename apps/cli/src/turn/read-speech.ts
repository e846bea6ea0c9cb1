/** Reads a WAV file for `hearth listen`, and says plainly what is wrong with it before anything is started. */
import { readFile, stat } from 'node:fs/promises';
import { SPEECH_RATE_HZ } from '@hearth/contracts';
import { CoreError, levelDb, readWav, toSpeech } from '@hearth/core';
import { UserError } from '@hearth/runtime';

/** More than ten minutes of studio sound; an utterance has a minute at most. */
const MAX_BYTES = 200_000_000;
/** A quiet voice in a quiet room is above -45 dB; the noise of a muted input is below this. */
const SILENT_DB = -65;
/** Speech may be short in a long file: the loudest window counts. */
const WINDOW_LENGTH = SPEECH_RATE_HZ / 10;

/**
 * @returns 16 kHz, one channel
 * @throws UserError `NO_SUCH_FILE`, `CANNOT_READ`, `NOT_A_WAV`, `BROKEN_WAV`, `UNSUPPORTED_WAV`, `EMPTY_AUDIO`, `SILENT_AUDIO`
 */
export async function readSpeech(file: string): Promise<Int16Array> {
  const samples = decode(file, await readBytes(file));
  if (samples.length === 0) throw new UserError('EMPTY_AUDIO', `${file} holds no sound.`);
  if (isSilent(samples)) {
    throw new UserError('SILENT_AUDIO', `${file} is silent: there is nothing to be heard in it.`);
  }
  return samples;
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const { size, isFile, isFIFO } = await inspect(file);
    if (!isFile && !isFIFO) throw new UserError('CANNOT_READ', `${file} is not a file.`);
    if (size > MAX_BYTES) throw new UserError('TOO_LARGE', `${file} is larger than 200 MB.`);
    return await readFile(file);
  } catch (error) {
    if (error instanceof UserError || !(error instanceof Error)) throw error;
    const code = 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw new UserError('NO_SUCH_FILE', `There is no file ${file}.`);
    throw new UserError('CANNOT_READ', `${file} cannot be read: ${error.message}`);
  }
}

async function inspect(file: string) {
  const found = await stat(file);
  return { size: found.size, isFile: found.isFile(), isFIFO: found.isFIFO() };
}

function decode(file: string, bytes: Uint8Array): Int16Array {
  try {
    return toSpeech(readWav(bytes));
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    throw new UserError(error.code, `${file} cannot be used: ${error.message}.`);
  }
}

function isSilent(samples: Int16Array): boolean {
  for (let at = 0; at < samples.length; at += WINDOW_LENGTH) {
    if (levelDb(samples.subarray(at, at + WINDOW_LENGTH)) > SILENT_DB) return false;
  }
  return true;
}
