/** Memory of a process, as Linux counts it. */
import { readFile } from 'node:fs/promises';

/** Megabytes, 10^6 bytes. */
export interface Memory {
  /** Everything resident, what is shared with others included. */
  readonly rssMb: number;
  /** Proportional: of what is shared, its part. */
  readonly pssMb: number;
}

export async function memoryOf(pid: number): Promise<Memory> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return { rssMb: megabytes(text, 'Rss'), pssMb: megabytes(text, 'Pss') };
}

function megabytes(text: string, field: string): number {
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  if (kibibytes === undefined) throw new Error(`smaps_rollup without ${field}`);
  return (Number(kibibytes) * 1_024) / 1e6;
}
