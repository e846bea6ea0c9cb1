/** Keeps a connection: reconnects with back-off, resubscribes, publishes again what was retained, and proves by a message to itself that it works. */
import { RuntimeError } from '../errors.ts';
import { type Connect, type Connection, ConnectionError } from './connection.ts';
import type { BusLog } from './bus-log.ts';
import { createDispatch, type Subscriber } from './dispatch.ts';
import { createOutbox } from './outbox.ts';
import { pause, within } from './pause.ts';
import { deniedReason, explain, silentReason } from './reasons.ts';
import { createRetained } from './retained.ts';
import { FIRST_TRY, nextTry, STEADY_MS } from './retry.ts';
import { createStanding } from './standing.ts';
import type { Transport } from './transport.ts';

/** How long the broker may take to grant a subscription or to deliver the message to ourselves. */
const ANSWER_LIMIT_MS = 5_000;
/** Between self-tests while they fail. */
const RETEST_MS = 10_000;
const REPUBLISH_LIMIT_MS = 10_000;

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
  const standing = createStanding(log);
  const ending = new AbortController();
  /** The first try has ended, well or not: until then, subscribing waits. */
  const firstTry = Promise.withResolvers<void>();
  let connection: Connection | undefined;
  let heardMyself = () => {};
  let attempt = FIRST_TRY;

  async function keepConnected(): Promise<void> {
    while (!ending.signal.aborted) {
      const startedAt = performance.now();
      const error = await holdConnection(attempt.version);
      if (ending.signal.aborted) return;
      const heldMs = error.made ? performance.now() - startedAt : 0;
      attempt = nextTry(attempt, { error, heldMs, busy: outbox.flying > 0 }, Math.random());
      if (attempt.pauseMs > 0) fail(explain(error, attempt.doubled, options));
      await pause(attempt.pauseMs, ending.signal);
    }
  }

  function fail(reason: string): void {
    outbox.suspend(reason);
    standing.offline(reason);
    firstTry.resolve();
  }

  /** Resolves with why it ended, or why there was none. */
  async function holdConnection(version: 4 | 5): Promise<ConnectionError> {
    const lost = Promise.withResolvers<ConnectionError>();
    try {
      const made = await options.connect(version, {
        onMessage: (message) => {
          if (message.topic === selfTestTopic) heardMyself();
          else dispatch.deliver(message);
        },
        onLost: lost.resolve,
        signal: ending.signal,
      });
      // It may have closed just as it opened.
      if (ending.signal.aborted) made.destroy();
      connection = made;
      establish(made).catch((error: unknown) => {
        lost.resolve(new ConnectionError(String(error), undefined, true));
      });
      return await lost.promise;
    } catch (error) {
      return error instanceof ConnectionError
        ? error
        : new ConnectionError(String(error), undefined, false);
    } finally {
      connection?.destroy();
      connection = undefined;
    }
  }

  async function establish(made: Connection): Promise<void> {
    dispatch.connected();
    const testable = made.subscribe(selfTestTopic, 0);
    await Promise.all([...dispatch.subscribers()].map((one) => grant(made, one)));
    await within(ANSWER_LIMIT_MS, testable);
    if (made !== connection) return;
    outbox.open(made);
    for (const message of retained.previous()) {
      outbox.send(message, { timeoutMs: REPUBLISH_LIMIT_MS }).catch(() => {
        log.debug({ topic: message.topic }, 'retained message not published again');
      });
    }
    firstTry.resolve();
    await proveReady(made);
  }

  async function grant(made: Connection, subscriber: Subscriber): Promise<void> {
    const { filter, qos } = subscriber;
    subscriber.askedOn = made;
    const answer = await within(ANSWER_LIMIT_MS, made.subscribe(filter, qos));
    if (made !== connection) return;
    if (answer === 'granted') standing.has(filter);
    else if (answer === 'denied') standing.lacks(filter, deniedReason(filter, options));
    else made.destroy();
  }

  async function proveReady(made: Connection): Promise<void> {
    const about = `connected to ${options.broker} with MQTT ${made.version === 5 ? '5' : '3.1.1'}`;
    const gone = () => made.lost.aborted || ending.signal.aborted;
    while (!(await hearMyself(made))) {
      if (gone()) return;
      standing.offline(silentReason(selfTestTopic, options));
      await pause(RETEST_MS, made.lost);
      if (gone()) return;
      await within(ANSWER_LIMIT_MS, made.subscribe(selfTestTopic, 0));
    }
    if (gone()) return;
    standing.ready(about, !attempt.doubled);
    await pause(STEADY_MS, made.lost);
    if (!gone()) standing.steady(about);
  }

  async function hearMyself(made: Connection): Promise<boolean> {
    const heard = new Promise<true>((resolve) => {
      heardMyself = () => resolve(true);
    });
    const ping = {
      topic: selfTestTopic,
      payload: new Uint8Array(0),
      qos: 0,
      retain: false,
    } as const;
    made.publish(ping, () => undefined);
    return (await within(ANSWER_LIMIT_MS, heard)) ?? false;
  }

  async function goodbye(last: Connection): Promise<void> {
    await outbox.empty();
    await last.end();
  }

  void keepConnected();

  return {
    async publish(message, limits) {
      const sent = outbox.send(message, limits);
      if (message.retain && outbox.fits(message)) retained.remember(message);
      await sent;
    },

    async subscribe(filter, qos, listener) {
      const subscriber = dispatch.add(filter, qos, listener);
      await firstTry.promise;
      const made = connection;
      if (made && subscriber.askedOn !== made) await grant(made, subscriber);
      return async () => {
        const last = dispatch.remove(subscriber);
        if (!last || !connection || ending.signal.aborted) return;
        standing.has(filter);
        await within(ANSWER_LIMIT_MS, connection.unsubscribe(filter));
      };
    },

    get state() {
      return standing.state;
    },

    onState: (listener) => standing.onState(listener),

    get waiting() {
      return outbox.size;
    },

    async close(timeoutMs) {
      if (ending.signal.aborted) return;
      const last = connection;
      ending.abort();
      firstTry.resolve();
      if (last) await within(timeoutMs, goodbye(last));
      outbox.shut(new RuntimeError('CLOSED', 'the bus closed before the broker had it'));
      last?.destroy();
      dispatch.close();
      standing.close();
    },
  };
}
