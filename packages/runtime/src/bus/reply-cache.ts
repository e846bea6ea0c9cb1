/** Requests that are being answered and the last replies, so that a retry is not worked on twice. */

const LIMIT = 1_024;
const LIMIT_BYTES = 16_000_000;
/** No call lasts longer; whoever uses the same correlation id later means another request. */
const KEPT_MS = 60_000;

interface Entry<Answer> {
  /** Absent while the request is being answered. */
  readonly reply?: Answer;
  readonly bytes: number;
  readonly until: number;
}

export interface ReplyCache<Answer> {
  /** Notes a request. What is known of it: its reply, that it is `running`, or that it is `new`. */
  begin(key: string | undefined): Answer | 'running' | 'new';
  settle(key: string | undefined, reply: Answer, bytes: number): void;
  /** A retry is to be worked on again. */
  forget(key: string | undefined): void;
}

/** Holds 1,024 entries and 16 MB of replies for a minute; the oldest go first, and a retry of those is worked on again. */
export function createReplyCache<Answer>(): ReplyCache<Answer> {
  const entries = new Map<string, Entry<Answer>>();
  let held = 0;

  function drop(key: string): void {
    held -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  }

  function put(key: string, entry: Entry<Answer>): void {
    drop(key);
    entries.set(key, entry);
    held += entry.bytes;
    for (const oldest of entries.keys()) {
      if (entries.size <= LIMIT && held <= LIMIT_BYTES) return;
      drop(oldest);
    }
  }

  return {
    begin(key) {
      if (key === undefined) return 'new';
      const known = entries.get(key);
      const now = performance.now();
      if (known && known.until > now) return known.reply ?? 'running';
      put(key, { bytes: 0, until: now + KEPT_MS });
      return 'new';
    },
    settle(key, reply, bytes) {
      if (key !== undefined) put(key, { reply, bytes, until: performance.now() + KEPT_MS });
    },
    forget(key) {
      if (key !== undefined) drop(key);
    },
  };
}
