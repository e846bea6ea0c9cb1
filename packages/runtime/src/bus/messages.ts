/** A subscription as an async iterator. */
import type { Topic } from '@hearth/contracts';
import type { InboxOptions, Message, Messages } from './api.ts';
import type { Core } from './core.ts';
import { createQueue } from './queue.ts';
import { createSeldomLog } from './seldom.ts';

const DEFAULT_LIMIT = 256;

export async function iterate<Data>(
  core: Core,
  topic: Topic<Data>,
  {
    siteId,
    signal,
    limit = DEFAULT_LIMIT,
    overflow = 'drop-oldest',
  }: InboxOptions & { readonly signal?: AbortSignal | undefined },
): Promise<Messages<Data>> {
  const queue = createQueue<Message<Data>>({ limit, overflow });
  const tellLost = createSeldomLog(core.log, {
    topic: topic.name,
    text: 'inbox full: messages are dropped',
  });
  /** Calls of `next` that wait for a message. */
  const takers: ((result: IteratorResult<Message<Data>>) => void)[] = [];
  let ended = false;

  const end = await core.listen(topic, {
    siteId,
    accept(message, bytes) {
      if (ended) return;
      const taker = takers.shift();
      if (taker) taker({ done: false, value: message });
      else if (queue.push(message, bytes).length > 0) tellLost(queue.dropped);
    },
  });
  const onAbort = () => void messages.close();

  async function close(): Promise<void> {
    if (ended) return;
    ended = true;
    queue.clear();
    signal?.removeEventListener('abort', onAbort);
    for (const taker of takers.splice(0)) taker({ done: true, value: undefined });
    await end();
  }

  const messages: Messages<Data> = {
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
      await messages.close();
      return { done: true, value: undefined };
    },
    close,
    [Symbol.asyncDispose]: () => messages.close(),
    [Symbol.asyncIterator]: () => messages,
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) await close();
  return messages;
}
