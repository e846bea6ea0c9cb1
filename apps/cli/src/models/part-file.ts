/** A download that is not complete yet, beside its target, with a note about which file of the server it is of. */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';

export function partOf(target: string): string {
  return `${target}.part`;
}

function noteOf(target: string): string {
  return `${target}.part.json`;
}

const noteSchema = z.object({ url: z.string(), validator: z.string() });

export interface PartFile {
  readonly bytes: number;
  /** What `If-Range` may ask for: whether the server still has the file that the part is of. */
  readonly validator: string | undefined;
}

export async function readPart(target: string, url: string): Promise<PartFile> {
  const found = await stat(partOf(target)).catch(() => undefined);
  const text = await readFile(noteOf(target), 'utf8').catch(() => '');
  const note = noteSchema.safeParse(parse(text)).data;
  return { bytes: found?.size ?? 0, validator: note?.url === url ? note.validator : undefined };
}

export async function notePart(target: string, url: string, headers: Headers): Promise<void> {
  const etag = headers.get('etag');
  const validator = etag && !etag.startsWith('W/') ? etag : headers.get('last-modified');
  if (!validator) return await rm(noteOf(target), { force: true });
  await writeFile(noteOf(target), JSON.stringify({ url, validator }));
}

export async function removeNote(target: string): Promise<void> {
  await rm(noteOf(target), { force: true });
}

export async function removePart(target: string): Promise<void> {
  await rm(partOf(target), { force: true });
  await removeNote(target);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
