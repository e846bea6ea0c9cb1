/** A subscription as an async iterator. */
import type { Topic } from '@hearth/contracts';
import type { InboxOptions, Message, Messages } from './api.ts';
import type { Core } from './core.ts';
import { createQueue } from './queue.ts';

export interface Iteration<Data> {
  readonly iterator: Messages<Data>;
  readonly dropped: number;
  onEnd(listener: () => void): void;
  close(): Promise<void>;
}

export async function iterate<Data>(
  core: Core,
  topic: Topic<Data>,
  options: Required<Pick<InboxOptions, 'limit' | 'overflow'>> & {
    readonly siteId: string | undefined;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Iteration<Data>> {
  const { signal } = options;
  const queue = createQueue<Message<Data>>({
    limit: options.limit ?? 256,
    overflow: options.overflow ?? 'drop-oldest',
  });
  const takers: ((result: IteratorResult<Message<Data>>) => void)[] = [];
  let ended = false;
  let whenEnded = () => {};

  const end = await core.listen(topic, {
    siteId: options.siteId,
    accept(message, bytes) {
      if (ended) return;
      const taker = takers.shift();
      if (taker) taker({ done: false, value: message });
      else queue.push(message, bytes);
    },
  });
  const onAbort = () => void close();
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) await close();

  async function close(): Promise<void> {
    if (ended) return;
    ended = true;
    queue.clear();
    signal?.removeEventListener('abort', onAbort);
    for (const taker of takers.splice(0)) taker({ done: true, value: undefined });
    whenEnded();
    await end();
  }

  return {
    get dropped() {
      return queue.dropped;
    },
    onEnd(listener) {
      whenEnded = listener;
      if (ended) listener();
    },
    close,
    iterator: {
      get dropped() {
        return queue.dropped;
      },
      next() {
        const value = queue.shift();
        if (value) return Promise.resolve({ done: false, value });
        if (ended) return Promise.resolve({ done: true, value: undefined });
        return new Promise((resolve) => takers.push(resolve));
      },
      async return() {
        await close();
        return { done: true, value: undefined };
      },
      [Symbol.asyncDispose]: close,
      [Symbol.asyncIterator]() {
        return this;
      },
    },
  };
}
