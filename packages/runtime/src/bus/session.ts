/** Keeps a connection: reconnects with back-off, resubscribes, publishes again what was retained, and proves by a message to itself that it works. */
import { RuntimeError } from '../errors.ts';
import { type Connect, type Connection, ConnectionError } from './connection.ts';
import type { BusLog } from './core.ts';
import { createDispatch, type Subscriber } from './dispatch.ts';
import { createOutbox } from './outbox.ts';
import { backOffMs, pause, within } from './pause.ts';
import { deniedReason, explain, isDoubleId, refusesVersion, silentReason } from './reasons.ts';
import { createRetained } from './retained.ts';
import { createStanding } from './standing.ts';
import type { Transport } from './transport.ts';

/** A connection that held this long starts over with the shortest pause. */
const STEADY_MS = 30_000;
/** How long the broker may take to grant a subscription or to deliver the message to ourselves. */
const ANSWER_LIMIT_MS = 5_000;
/** Between self-tests while they fail. */
const RETEST_MS = 10_000;
/** With a double client id, two programs throw each other out: the pause between is long from the start. */
const DOUBLE_ID_FAILURES = 8;
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
  /** Lost in a row without a reason within the first seconds: what a double client id looks like in MQTT 3.1.1. */
  let quickLosses = 0;
  let calm = true;

  async function keepConnected(): Promise<void> {
    let version: 4 | 5 = 5;
    let failures = 0;
    while (!ending.signal.aborted) {
      const startedAt = performance.now();
      const error = await holdConnection(version);
      if (ending.signal.aborted) return;
      const heldMs = error.made ? performance.now() - startedAt : 0;
      if (version === 5 && refusesVersion(error)) {
        version = 4;
        continue;
      }
      // A broker that hangs up on an unknown version without a word gets the other one next.
      version = !error.made && error.reason === undefined && version === 5 ? 4 : 5;
      quickLosses =
        error.made && error.reason === undefined && heldMs < ANSWER_LIMIT_MS ? quickLosses + 1 : 0;
      const doubled = isDoubleId(error, quickLosses);
      calm = !doubled;
      failures = heldMs > STEADY_MS ? 1 : failures + 1;
      if (doubled) failures = Math.max(failures, DOUBLE_ID_FAILURES);
      fail(explain(error, options, quickLosses));
      await pause(backOffMs(failures), ending.signal);
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
    const silent = silentReason(selfTestTopic, options);
    while (made === connection && !(await hearMyself(made))) {
      if (made !== connection) return;
      standing.offline(silent);
      await pause(RETEST_MS, ending.signal);
      await within(ANSWER_LIMIT_MS, made.subscribe(selfTestTopic, 0));
    }
    if (made !== connection || ending.signal.aborted) return;
    standing.ready(about, calm);
    await pause(STEADY_MS, made.lost);
    if (made !== connection || ending.signal.aborted) return;
    standing.steady(about);
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

    onState: standing.onState,

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
