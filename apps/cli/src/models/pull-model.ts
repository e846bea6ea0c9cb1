/** Fetches the files of a model that are not there yet or are broken. */
import path from 'node:path';
import { checkModel } from './check-model.ts';
import { FETCH_LIMITS, fetchFile, type FetchLimits } from './fetch-file.ts';
import type { Model, ModelFile } from './model.ts';
import { type Receipt, readReceipt, writeReceipt } from './receipt.ts';

export interface PullOptions {
  /** HEARTH_MODELS_DIR */
  readonly folder: string;
  /** Base URL of a server with the same files in the same folders. */
  readonly mirror: string | undefined;
  readonly signal: AbortSignal;
  readonly limits?: FetchLimits;
  readonly onFile: (
    file: ModelFile,
    url: string,
  ) => {
    update(done: number, total: number | undefined): void;
    close(): void;
  };
}

/** @returns the files that came */
export async function pullModel(model: Model, options: PullOptions): Promise<string[]> {
  const { folder, mirror, signal, onFile, limits = FETCH_LIMITS } = options;
  const checks = await checkModel(model, folder, signal);
  const isSound = (index: number) =>
    ['verified', 'unverified'].includes(checks[index]?.state ?? '');
  const missing = model.files.filter((_, index) => !isSound(index));
  const receipt: Receipt = { ...(await readReceipt(folder, model.name)) };
  const came: string[] = [];
  // The model itself comes last: once it is there, all that goes with it is there, too.
  for (const file of missing.toReversed()) {
    const target = path.join(folder, file.path);
    const url = sourceOf(file, mirror);
    const progress = onFile(file, url);
    const onProgress = (done: number, total: number | undefined) => progress.update(done, total);
    try {
      const sha256 = await fetchFile({ file, url, target, limits, signal, onProgress });
      receipt[file.path] = { url, sha256 };
      came.push(target);
    } finally {
      progress.close();
    }
    await writeReceipt(folder, model.name, receipt);
  }
  return came;
}

function sourceOf(file: ModelFile, mirror: string | undefined): string {
  if (!mirror) return file.url;
  return new URL(file.path, mirror.endsWith('/') ? mirror : `${mirror}/`).href;
}
