/** Keeps a connection: reconnects with back-off, resubscribes, publishes again what was retained, and proves by a message to itself that it works. */
import { RuntimeError } from '../errors.ts';
import { type Connect, type Connection, ConnectionError } from './connection.ts';
import type { BusLog } from './core.ts';
import { createDispatch } from './dispatch.ts';
import { createOutbox } from './outbox.ts';
import { explain, isTakenOver, refusesVersion } from './reasons.ts';
import { createRetained } from './retained.ts';
import type { BusState, Transport } from './transport.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A connection that held this long starts over with the shortest pause. */
const STABLE_MS = 30_000;
/** How long the broker may take to grant a subscription or to deliver the message to ourselves. */
const ANSWER_LIMIT_MS = 5_000;

export interface SessionOptions {
  readonly connect: Connect;
  /** Address without password, for people. */
  readonly broker: string;
  readonly username: string | undefined;
  readonly clientId: string;
  readonly selfTestTopic: string;
  readonly limitBytes: number;
  readonly log: BusLog;
}

export function createSession(options: SessionOptions): Transport {
  const { log, selfTestTopic } = options;
  const outbox = createOutbox(options.limitBytes);
  const dispatch = createDispatch(log);
  const retained = createRetained(log);
  const listeners = new Set<(state: BusState) => void>();
  const ending = new AbortController();
  const firstOutcome = Promise.withResolvers<void>();
  const denied = new Set<string>();
  let state: BusState = { status: 'connecting' };
  let connection: Connection | undefined;
  let heardMyself: (() => void) | undefined;
  let toldReason: string | undefined;

  function enter(next: BusState): void {
    if (state.status === 'closed') return;
    if (next.status === state.status && next.reason === state.reason) return;
    state = next;
    for (const listener of listeners) {
      try {
        listener(next);
      } catch (error) {
        log.error({ error }, 'state listener failed');
      }
    }
  }

  /** One line per reason, not one per retry. */
  function fail(reason: string): void {
    if (reason !== toldReason) log.warn(`no connection: ${reason}`);
    toldReason = reason;
    outbox.suspend(reason);
    enter({ status: 'offline', reason });
    firstOutcome.resolve();
  }

  async function keepConnected(): Promise<void> {
    let version: 4 | 5 = 5;
    let failures = 0;
    while (!ending.signal.aborted) {
      const lost = Promise.withResolvers<ConnectionError>();
      const madeAt = performance.now();
      try {
        connection = await options.connect(version, {
          onMessage: (message) => {
            if (message.topic === selfTestTopic) heardMyself?.();
            else dispatch.deliver(message);
          },
          onLost: lost.resolve,
        });
        if (ending.signal.aborted) return connection.destroy();
        await Promise.race([establish(connection), lost.promise]);
        const cause = await lost.promise;
        throw cause;
      } catch (error) {
        connection?.destroy();
        connection = undefined;
        if (ending.signal.aborted) return;
        const cause =
          error instanceof ConnectionError ? error : new ConnectionError(String(error), undefined);
        if (refusesVersion(cause) && version === 5) {
          version = 4;
          continue;
        }
        if (performance.now() - madeAt > STABLE_MS) failures = 0;
        failures = isTakenOver(cause) ? 10 : failures + 1;
        fail(explain(cause, options));
      }
      await pause(backOff(failures), ending.signal);
    }
  }

  async function establish(made: Connection): Promise<void> {
    dispatch.connected();
    const filters = [...dispatch.filters()];
    const granted = await Promise.all([
      made.subscribe(selfTestTopic, 0),
      ...filters.map(({ filter, qos }) => grant(made, filter, qos)),
    ]);
    for (const message of retained.all()) made.publish(message, () => undefined);
    outbox.open(made);
    firstOutcome.resolve();
    await proveReady(made, granted[0] ?? false);
  }

  async function grant(made: Connection, filter: string, qos: 0 | 1): Promise<boolean> {
    const granted = await made.subscribe(filter, qos);
    if (granted) denied.delete(filter);
    else {
      if (!denied.has(filter)) log.warn(deniedReason(filter));
      denied.add(filter);
      if (state.status === 'ready') enter({ status: 'ready', reason: deniedReason(filter) });
    }
    return granted;
  }

  async function proveReady(made: Connection, subscribed: boolean): Promise<void> {
    const heard = new Promise<boolean>((resolve) => {
      heardMyself = () => resolve(true);
      setTimeout(() => resolve(false), ANSWER_LIMIT_MS).unref();
    });
    if (subscribed) {
      const ping = {
        topic: selfTestTopic,
        payload: new Uint8Array(0),
        qos: 0 as const,
        retain: false,
      };
      made.publish(ping, () => undefined);
    }
    if (made !== connection) return;
    if (subscribed && (await heard)) {
      if (made !== connection) return;
      const [filter] = denied;
      log.info({ broker: options.broker, mqtt: made.version === 5 ? '5' : '3.1.1' }, 'connected');
      toldReason = undefined;
      enter({ status: 'ready', reason: filter === undefined ? undefined : deniedReason(filter) });
      return;
    }
    if (made !== connection) return;
    const reason = `${options.broker} does not deliver ${selfTestTopic} to this client: check its access rules`;
    if (reason !== toldReason) log.warn(reason);
    toldReason = reason;
    enter({ status: 'offline', reason });
  }

  function deniedReason(filter: string): string {
    const user =
      options.username === undefined
        ? 'a client without a user name'
        : `the user "${options.username}"`;
    return `${options.broker} denies ${user} the subscription to ${filter}: check the broker's access rules`;
  }

  void keepConnected();

  return {
    async publish(message, limits) {
      if (message.retain) retained.remember(message);
      await outbox.send(message, limits);
    },

    async subscribe(filter, qos, listener) {
      const remove = dispatch.add(filter, qos, listener);
      await firstOutcome.promise;
      if (connection) await grant(connection, filter, qos);
      return async () => {
        if (!remove() || !connection || ending.signal.aborted) return;
        await connection.unsubscribe(filter).catch(() => undefined);
      };
    },

    get state() {
      return state;
    },

    onState(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    get waiting() {
      return outbox.size;
    },

    async close(timeoutMs) {
      if (ending.signal.aborted) return;
      ending.abort();
      const over = pause(timeoutMs, undefined);
      if (connection) await Promise.race([outbox.empty(), over]);
      outbox.shut(new RuntimeError('CLOSED', 'the bus closed before the broker had it'));
      const last = connection;
      if (last) {
        await Promise.race([last.end().catch(() => undefined), over]);
        last.destroy();
      }
      enter({ status: 'closed' });
      firstOutcome.resolve();
    },
  };
}

/** Doubles up to 30 s; the jitter keeps a whole house from coming back in the same instant. */
function backOff(failures: number): number {
  const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
  return full * (0.5 + Math.random() / 2);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}
