/** Typed publish, subscribe, call and serve over a transport. Everything that enters or leaves is checked against its contract. */
import { RuntimeError } from '../errors.ts';
import type { Bus, Subscription } from './api.ts';
import { createCalling } from './calling.ts';
import { type BusOptions, createCore } from './core.ts';
import { createForeign } from './foreign.ts';
import { iterate } from './messages.ts';
import { type Serving, serve } from './serving.ts';
import { subscribe } from './subscribing.ts';
import type { BusState } from './transport.ts';

export type * from './api.ts';
export type { BusOptions } from './core.ts';
export type { Foreign, ForeignMessage } from './foreign.ts';

const DEFAULT_CLOSE_MS = 2_000;

export function createBus(options: BusOptions): Bus {
  const { transport } = options;
  const core = createCore(options);
  const calling = createCalling(core);
  const open = new Set<Subscription>();
  const servings = new Set<Serving>();
  const listeners = new Set<(state: BusState) => void>();
  let closed = false;

  const stopListening = transport.onState((state) => {
    for (const listener of listeners) listener(state);
  });

  function assertOpen(): void {
    if (closed) throw new RuntimeError('CLOSED', 'the bus is closed');
  }

  /** Keeps a subscription, in `among` too, until it is closed. */
  async function keep<S extends Subscription>(making: Promise<S>, among?: Set<S>): Promise<S> {
    const subscription = await making;
    const close = subscription.close.bind(subscription);
    subscription.close = async () => {
      open.delete(subscription);
      among?.delete(subscription);
      await close();
    };
    open.add(subscription);
    among?.add(subscription);
    if (!closed) return subscription;
    // The bus closed while the broker was being asked.
    await subscription.close();
    throw new RuntimeError('CLOSED', 'the bus is closed');
  }

  return {
    async publish(topic, data, publishOptions = {}) {
      assertOpen();
      await core.send(core.compose(topic, data, publishOptions), publishOptions);
    },

    async subscribe(topic, handler, inbox = {}) {
      assertOpen();
      return keep(subscribe(core, topic, handler, inbox));
    },

    async messages(topic, inbox = {}) {
      assertOpen();
      return keep(iterate(core, topic, inbox));
    },

    async call(call, request, callOptions = {}) {
      assertOpen();
      return calling.call(call, request, callOptions);
    },

    async serve(call, answer, inbox = {}) {
      assertOpen();
      return keep(serve(core, call, answer, inbox), servings);
    },

    foreign: createForeign(transport, options.log),

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
      calling.fail();
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
