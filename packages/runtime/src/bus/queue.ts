/** A queue with limits: number of items and bytes. */

/** A waiting queue never holds more than this, whatever the number of its items. */
const LIMIT_BYTES = 64_000_000;

export interface BoundedQueue<Item> {
  /** Adds `item`. False when it was refused; with `drop-oldest` older items go instead. */
  push(item: Item, bytes: number): boolean;
  shift(): Item | undefined;
  clear(): void;
  readonly size: number;
  /** Items lost at the limit so far. */
  readonly dropped: number;
}

export function createQueue<Item>(limits: {
  readonly limit: number;
  readonly overflow: 'drop-oldest' | 'reject';
}): BoundedQueue<Item> {
  const items: { item: Item; bytes: number }[] = [];
  let held = 0;
  let dropped = 0;

  function take(): Item | undefined {
    const first = items.shift();
    if (first) held -= first.bytes;
    return first?.item;
  }

  return {
    push(item, bytes) {
      while (items.length >= limits.limit || (items.length > 0 && held + bytes > LIMIT_BYTES)) {
        dropped++;
        if (limits.overflow === 'reject') return false;
        take();
      }
      items.push({ item, bytes });
      held += bytes;
      return true;
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
