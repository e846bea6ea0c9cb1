/** What can go wrong with the memory's file, as a code for programs and a sentence for people. Never what was said. */

const codes = [
  'STORE_FOREIGN',
  'STORE_CORRUPT',
  'STORE_TOO_NEW',
  'STORE_FULL',
  'STORE_READ_ONLY',
  'STORE_BUSY',
  'STORE_UNREACHABLE',
  'STORE_FAILED',
] as const;

export type MemoryErrorCode = (typeof codes)[number];

export class MemoryError extends Error {
  readonly code: MemoryErrorCode;

  constructor(code: MemoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MemoryError';
    this.code = code;
  }
}

/** Primary result codes, https://www.sqlite.org/rescode.html */
const SQLITE: Readonly<Record<number, readonly [MemoryErrorCode, string]>> = {
  5: ['STORE_BUSY', 'another process is writing to the memory for too long'],
  6: ['STORE_BUSY', 'another process holds the memory locked'],
  8: ['STORE_READ_ONLY', 'the memory cannot be written: the file or its folder is read-only'],
  10: ['STORE_FAILED', 'the disk reports a read or write error'],
  11: ['STORE_CORRUPT', 'the memory file is damaged; move it away or restore a backup'],
  13: ['STORE_FULL', 'no room for new memories: the disk is full or MEMORY_MAX_MB is reached'],
  14: ['STORE_UNREACHABLE', 'the memory file cannot be opened'],
  26: ['STORE_FOREIGN', 'the file is not a database'],
};

/**
 * SQLite's own messages can quote a statement with its words in it, so only the number of the error is kept.
 *
 * @param error what node:sqlite threw; anything else is returned as it is
 */
export function fromSqlite(error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error;
  const errcode = Number(error.errcode);
  // The low byte is the primary code, the rest says more precisely what happened.
  const [code, text] = SQLITE[errcode & 0xff] ?? ['STORE_FAILED', 'the memory file failed'];
  return new MemoryError(code, `${text} (SQLite ${errcode})`);
}

/** The store's own error inside what the runtime reports; undefined when there is none. */
export function storeError(error: unknown): MemoryError | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error) || !('code' in cause)) return undefined;
  const code = codes.find((known) => known === cause.code);
  return code && new MemoryError(code, cause.message);
}
