/** What came when a model was pulled: the checksum of files for which none is known shows later changes. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** By the file's path below the folder of models. */
const receiptSchema = z.record(z.string(), z.object({ url: z.string(), sha256: z.string() }));
export type Receipt = z.infer<typeof receiptSchema>;

export async function readReceipt(folder: string, name: string): Promise<Receipt> {
  const text = await readFile(receiptFile(folder, name), 'utf8').catch(() => '{}');
  try {
    return receiptSchema.safeParse(JSON.parse(text)).data ?? {};
  } catch {
    return {};
  }
}

export async function writeReceipt(folder: string, name: string, receipt: Receipt): Promise<void> {
  const file = receiptFile(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(receipt, null, 2)}\n`);
}

function receiptFile(folder: string, name: string): string {
  return path.join(folder, '.pulled', `${name}.json`);
}
