/** Requests that are being answered and the last replies, so that a retry is not worked on twice. */

const LIMIT = 256;
const LIMIT_BYTES = 16_000_000;

type Entry<Answer> = { readonly reply: Answer; readonly bytes: number } | 'running';

export interface ReplyCache<Answer> {
  /** Notes a request. What is known of it: its reply, that it is `running`, or nothing. */
  begin(key: string | undefined): Answer | 'running' | 'new';
  settle(key: string | undefined, reply: Answer, bytes: number): void;
  /** A retry is to be worked on again. */
  forget(key: string | undefined): void;
}

/** Holds 256 entries and 16 MB of replies; the oldest go first, and a retry of those is worked on again. */
export function createReplyCache<Answer>(): ReplyCache<Answer> {
  const entries = new Map<string, Entry<Answer>>();
  let held = 0;

  function drop(key: string): void {
    const entry = entries.get(key);
    entries.delete(key);
    if (entry !== undefined && entry !== 'running') held -= entry.bytes;
  }

  function trim(): void {
    for (const key of entries.keys()) {
      if (entries.size <= LIMIT && held <= LIMIT_BYTES) return;
      drop(key);
    }
  }

  return {
    begin(key) {
      if (key === undefined) return 'new';
      const known = entries.get(key);
      if (known === 'running') return 'running';
      if (known) return known.reply;
      entries.set(key, 'running');
      trim();
      return 'new';
    },
    settle(key, reply, bytes) {
      if (key === undefined) return;
      drop(key);
      entries.set(key, { reply, bytes });
      held += bytes;
      trim();
    },
    forget(key) {
      if (key !== undefined) drop(key);
    },
  };
}
