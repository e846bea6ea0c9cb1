/** Typed publish, subscribe, call and serve over a transport. Everything that enters or leaves is checked against its contract. */
import type { Topic } from '@hearth/contracts';
import { RuntimeError } from '../errors.ts';
import type { Bus, InboxOptions, Message, PublishOptions, Subscription } from './api.ts';
import { createCalling } from './calling.ts';
import { type BusOptions, createCore } from './core.ts';
import { createInbox } from './inbox.ts';
import { iterate } from './messages.ts';
import { type Serving, serve } from './serving.ts';
import type { BusState } from './transport.ts';

export type * from './api.ts';
export type { BusLog, BusOptions } from './core.ts';

const DEFAULT_LIMIT = 256;
const DEFAULT_CLOSE_MS = 2_000;
/** Losses are counted one by one and told at most this often. */
const TELL_DROPS_MS = 60_000;

export function createBus(options: BusOptions): Bus {
  const { transport, log } = options;
  const core = createCore(options);
  const calling = createCalling(core);
  const open = new Set<Subscription>();
  const servings = new Set<Serving>();
  const listeners = new Set<(state: BusState) => void>();
  let closed = false;

  const stopListening = transport.onState((state) => {
    if (!closed) for (const listener of listeners) listener(state);
  });

  function assertOpen(): void {
    if (closed) throw new RuntimeError('CLOSED', 'the bus is closed');
  }

  /** Keeps `subscription` until it is closed. */
  function keep<S extends Subscription>(subscription: S, among?: Set<S>): S {
    const end = subscription.close.bind(subscription);
    subscription.close = async () => {
      open.delete(subscription);
      among?.delete(subscription);
      await end();
    };
    open.add(subscription);
    among?.add(subscription);
    return subscription;
  }

  async function subscribe<Data>(
    topic: Topic<Data>,
    handler: (message: Message<Data>) => unknown,
    { siteId, concurrency = 1, limit = DEFAULT_LIMIT, overflow = 'drop-oldest' }: InboxOptions = {},
  ): Promise<Subscription> {
    assertOpen();
    const inbox = createInbox<Message<Data>>({
      concurrency,
      limit,
      overflow,
      work: handler,
      onError: (error) => log.error({ error, topic: topic.name }, 'handler failed'),
      onDrop: tellDrops(topic.name),
    });
    const end = await core.listen(topic, {
      siteId,
      accept: (message, bytes) => void inbox.offer(message, bytes),
    });
    return keep({
      get dropped() {
        return inbox.dropped;
      },
      async close() {
        inbox.close();
        await end();
      },
    });
  }

  function tellDrops(topic: string): (dropped: number) => void {
    let toldAt = Number.NEGATIVE_INFINITY;
    return (dropped) => {
      const now = performance.now();
      if (now - toldAt < TELL_DROPS_MS) return;
      toldAt = now;
      log.warn({ topic, dropped }, 'inbox full: messages dropped');
    };
  }

  return {
    async publish<Data>(topic: Topic<Data>, data: Data, options: PublishOptions = {}) {
      assertOpen();
      await core.send(core.compose(topic, data, options), options);
    },

    subscribe,

    async messages(
      topic,
      { signal, siteId, limit = DEFAULT_LIMIT, overflow = 'drop-oldest' } = {},
    ) {
      assertOpen();
      const messages = await iterate(core, topic, {
        siteId,
        limit,
        overflow,
        signal,
      });
      const kept: Subscription = {
        get dropped() {
          return messages.dropped;
        },
        close: () => messages.close(),
      };
      open.add(kept);
      messages.onEnd(() => open.delete(kept));
      return messages.iterator;
    },

    async call(call, request, options = {}) {
      assertOpen();
      return calling.call(call, request, options);
    },

    async serve(call, answer, options = {}) {
      assertOpen();
      return keep(await serve(core, call, answer, options), servings);
    },

    get state() {
      return closed ? { status: 'closed' as const } : transport.state;
    },

    onState(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    get stats() {
      return {
        pendingCalls: calling.pending,
        subscriptions: open.size,
        outbox: transport.waiting,
      };
    },

    async drain() {
      await Promise.all([...servings].map((serving) => serving.drain()));
    },

    async close({ timeoutMs = DEFAULT_CLOSE_MS } = {}) {
      if (closed) return;
      closed = true;
      stopListening();
      // First, so that the subscriptions of a session that is kept are not taken back at the broker.
      const disconnected = transport.close(timeoutMs);
      await Promise.allSettled([...open].map((subscription) => subscription.close()));
      await calling.close();
      await disconnected;
      for (const listener of listeners) listener({ status: 'closed' });
      listeners.clear();
    },
  };
}
