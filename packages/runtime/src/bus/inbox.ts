/** What arrived for one subscription: a bounded queue and the handlers that work on it. */
import { createQueue } from './queue.ts';

export interface Inbox<Item> {
  /** False when the queue is full and refuses. */
  offer(item: Item, bytes: number): boolean;
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
  /** Told after each loss how many there were so far. */
  readonly onDrop: (dropped: number) => void;
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

  function pump(): void {
    while (running < spec.concurrency && queue.size > 0) {
      const item = queue.shift();
      if (item === undefined) break;
      running++;
      void run(item);
    }
    if (running > 0 || queue.size > 0) return;
    for (const wake of idlers) wake();
    idlers.clear();
  }

  return {
    offer(item, bytes) {
      if (closed) return true;
      const before = queue.dropped;
      const taken = queue.push(item, bytes);
      if (queue.dropped > before) spec.onDrop(queue.dropped);
      pump();
      return taken;
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
