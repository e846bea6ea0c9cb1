/** A queue with limits: number of items and bytes. */

/** A waiting queue never holds more than this, whatever the number of its items. */
const LIMIT_BYTES = 64_000_000;

export interface BoundedQueue<Item> {
  /** Adds `item`. @returns what was lost for it: older items, or `item` itself when the queue refuses */
  push(item: Item, bytes: number): readonly Item[];
  shift(): Item | undefined;
  clear(): void;
  readonly size: number;
  /** Items lost at the limit so far. */
  readonly dropped: number;
}

const NONE: readonly never[] = [];

export function createQueue<Item>(limits: {
  readonly limit: number;
  readonly overflow: 'drop-oldest' | 'reject';
}): BoundedQueue<Item> {
  const items: { readonly item: Item; readonly bytes: number }[] = [];
  let held = 0;
  let dropped = 0;

  function full(bytes: number): boolean {
    return items.length >= limits.limit || (items.length > 0 && held + bytes > LIMIT_BYTES);
  }

  function take(): Item | undefined {
    const first = items.shift();
    if (first) held -= first.bytes;
    return first?.item;
  }

  function makeRoom(bytes: number): readonly Item[] {
    const lost: Item[] = [];
    while (items.length > 0 && full(bytes)) {
      const oldest = take();
      if (oldest !== undefined) lost.push(oldest);
    }
    dropped += lost.length;
    return lost;
  }

  return {
    push(item, bytes) {
      if (full(bytes) && limits.overflow === 'reject') {
        dropped++;
        return [item];
      }
      const lost = full(bytes) ? makeRoom(bytes) : NONE;
      items.push({ item, bytes });
      held += bytes;
      return lost;
    },
    shift: take,
    clear() {
      items.length = 0;
      held = 0;
    },
    get size() {
      return items.length;
    },
    get dropped() {
      return dropped;
    },
  };
}
