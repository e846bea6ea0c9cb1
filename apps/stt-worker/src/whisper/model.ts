/** The model file of whisper.cpp, and what both engines that use one are told. */
import { open } from 'node:fs/promises';
import { RuntimeError, requireModel } from '@hearth/runtime';

export interface WhisperModel {
  readonly file: string;
  /** The name that `hearth models pull` knows it by. */
  readonly pullName?: string | undefined;
}

export interface WhisperSettings {
  readonly model: WhisperModel;
  /** `en`, or `auto`. */
  readonly language: string;
  /** Into English. */
  readonly translate: boolean;
  /** Words that are likely: names, places. Empty for none. */
  readonly prompt: string;
  readonly threads: number;
}

/** "lmgg": how a file of ggml begins on a little-endian machine. */
const MAGIC = 0x67_67_6d_6c;
/** Magic, and the dimensions of the model. */
const HEADER_BYTES = 48;
/** In the order of the header, the least and the most that makes sense; whisper.cpp aborts the process on others. */
const DIMENSIONS: readonly (readonly [least: number, most: number])[] = [
  [1_000, 200_000], // words
  [1, 4_096], // audio: context, width, heads, layers
  [1, 4_096],
  [1, 64],
  [1, 64],
  [1, 4_096], // text: the same
  [1, 4_096],
  [1, 64],
  [1, 64],
  [80, 128], // bands of the spectrum
  [0, 3_000], // how numbers are packed
];

/**
 * @returns the absolute path
 * @throws RuntimeError MODEL_MISSING, MODEL_BROKEN
 */
export async function requireWhisperModel(model: WhisperModel): Promise<string> {
  const file = await requireModel(model.file, { pullName: model.pullName });
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  const handle = await open(file);
  try {
    const { bytesRead } = await handle.read(header);
    if (bytesRead < HEADER_BYTES || header.getUint32(0, true) !== MAGIC) {
      throw brokenModel(model, 'it is no whisper.cpp model (ggml)');
    }
    const fits = DIMENSIONS.every(([least, most], i) => {
      const value = header.getInt32(4 * (i + 1), true);
      return value >= least && value <= most;
    });
    if (!fits) throw brokenModel(model, 'its header makes no sense');
  } finally {
    await handle.close();
  }
  return file;
}

export function brokenModel(
  { file, pullName }: WhisperModel,
  what: string,
  cause?: unknown,
): RuntimeError {
  const pull = pullName ? ` Run: npx hearth models pull ${pullName}` : '';
  return new RuntimeError('MODEL_BROKEN', `The model file ${file} is broken: ${what}.${pull}`, {
    cause,
  });
}
