/** What arrived for one subscription: a bounded queue and the handlers that work on it. */
import { createQueue } from './queue.ts';

export interface Inbox<Item> {
  /** Runs a handler on it now or when one is free. */
  offer(item: Item, bytes: number): void;
  /** Drops what waits; what runs runs on. */
  close(): void;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
  readonly dropped: number;
}

export interface InboxSpec<Item> {
  readonly concurrency: number;
  readonly limit: number;
  readonly overflow: 'drop-oldest' | 'reject';
  /** May throw and may return a promise. */
  readonly work: (item: Item) => unknown;
  readonly onError: (error: unknown) => void;
  /** Told of each item that is lost at the limit, and how many there were so far. */
  readonly onLost: (item: Item, dropped: number) => void;
}

export function createInbox<Item>(spec: InboxSpec<Item>): Inbox<Item> {
  const queue = createQueue<Item>(spec);
  const idlers = new Set<() => void>();
  let running = 0;
  let closed = false;

  async function run(item: Item): Promise<void> {
    try {
      await spec.work(item);
    } catch (error) {
      spec.onError(error);
    }
    running--;
    pump();
  }

  function start(item: Item): void {
    running++;
    void run(item);
  }

  function pump(): void {
    while (running < spec.concurrency) {
      const item = queue.shift();
      if (item === undefined) break;
      start(item);
    }
    if (running > 0 || queue.size > 0) return;
    for (const wake of idlers) wake();
    idlers.clear();
  }

  return {
    offer(item, bytes) {
      if (closed) return;
      if (running < spec.concurrency && queue.size === 0) return start(item);
      for (const lost of queue.push(item, bytes)) spec.onLost(lost, queue.dropped);
    },
    close() {
      closed = true;
      queue.clear();
      pump();
    },
    async idle() {
      if (running === 0 && queue.size === 0) return;
      await new Promise<void>((resolve) => idlers.add(resolve));
    },
    get dropped() {
      return queue.dropped;
    },
  };
}
