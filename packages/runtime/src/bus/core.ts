/** What publishing, subscribing, calling and serving share: checked messages out, checked messages in. */
import { busError, type Topic, topicFilter, topicPath } from '@hearth/contracts';
import { RuntimeError } from '../errors.ts';
import type { BusLog } from './bus-log.ts';
import type { Message, PublishOptions } from './api.ts';
import { createComplaints } from './complaints.ts';
import { createSeen } from './seen.ts';
import { createSeldomLog } from './seldom.ts';
import type { Incoming, Outgoing, Transport } from './transport.ts';
import { check, checked, encode, type Opened, open } from './wire.ts';

/** How long a publication may wait for the broker. */
const PUBLISH_LIMIT_MS = 10_000;
const KEPT = 'retained, which this topic must not be: clear it with an empty retained message';
/** A QoS 1 repeat comes within the in-flight window of a broker (20 to 65,535, in practice the low end). */
const REMEMBERED_IDS = 1_024;

export interface BusOptions {
  readonly transport: Transport;
  /** Written into every envelope, e.g. `memory-worker`. */
  readonly source: string;
  /** First level of every topic; `hearth` by default. */
  readonly prefix?: string;
  readonly log: BusLog;
}

interface Intake<Data> {
  readonly siteId?: string | undefined;
  /** Must not throw. */
  readonly accept: (message: Message<Data>, bytes: number) => void;
  /** A message whose envelope is whole but whose data breaks the contract; it has been complained of. */
  readonly onBroken?: (opened: Opened, error: unknown) => void;
}

export interface Core {
  readonly log: BusLog;
  /** What is wrong with the connection, if anything is. */
  readonly trouble: string | undefined;
  /** The full name of a house-wide topic. */
  path(topic: Topic<unknown>): string;
  compose<Data>(
    topic: Topic<Data>,
    data: Data,
    options: PublishOptions,
    outside?: Outgoing['outside'],
  ): Outgoing;
  send(message: Outgoing, options: Pick<PublishOptions, 'deadlineMs' | 'signal'>): Promise<void>;
  /** Calls `accept` once per valid message in time. Resolves with what ends it. */
  listen<Data>(topic: Topic<Data>, intake: Intake<Data>): Promise<() => Promise<void>>;
  /** The same for whoever decides by the envelope before the data is checked. */
  listenRaw(
    topic: Topic<unknown>,
    onOpened: (opened: Opened, bytes: number) => void,
  ): Promise<() => Promise<void>>;
  readonly complain: (topic: string, error: unknown) => void;
}

export function createCore({ transport, source, prefix = 'hearth', log }: BusOptions): Core {
  const errorPath = topicPath(prefix, busError);
  const complain = createComplaints(log, (complaint) => {
    // A broken message on the error topic itself must not make another.
    if (complaint.topic === errorPath) return;
    const message = compose(busError, complaint, {});
    send(message, {}).catch(() => log.debug('complaint not sent'));
  });

  function compose<Data>(
    topic: Topic<Data>,
    data: Data,
    options: PublishOptions,
    outside: Outgoing['outside'] = {},
  ): Outgoing {
    const valid = check(topic.schema, data, topic.name);
    const { correlationId, traceparent, deadlineMs: expiresInMs } = options;
    return {
      ...encode(topic, valid, options, { prefix, source, now: Date.now() }),
      qos: topic.qos,
      retain: topic.retain,
      outside: { correlationId, traceparent, expiresInMs, ...outside },
    };
  }

  async function send(
    message: Outgoing,
    { deadlineMs = PUBLISH_LIMIT_MS, signal }: Pick<PublishOptions, 'deadlineMs' | 'signal'>,
  ): Promise<void> {
    const timeoutMs = Math.min(deadlineMs, PUBLISH_LIMIT_MS);
    await transport.publish(message, { timeoutMs, signal });
  }

  function createReceiver(
    topic: Topic<unknown>,
    onOpened: (opened: Opened, bytes: number, path: string) => void,
  ) {
    const text = 'messages came after their deadlines: this service or a clock is slow';
    const tellLate = createSeldomLog(log, { topic: topic.name, text });
    let late = 0;
    return (incoming: Incoming): void => {
      try {
        // Somebody's mistake: what was said once would be obeyed again at every start.
        if (incoming.retained && !topic.retain) throw new RuntimeError('INVALID_PAYLOAD', KEPT);
        const opened = open(topic, incoming, prefix);
        const deadline = opened.envelope?.deadline;
        if (deadline !== undefined && deadline < Date.now()) return tellLate(++late);
        onOpened(opened, incoming.payload.length, incoming.topic);
      } catch (error) {
        complain(incoming.topic, error);
      }
    };
  }

  return {
    log,
    get trouble() {
      const { status, reason } = transport.state;
      return status === 'ready' ? reason : (reason ?? status);
    },
    path: (topic) => topicPath(prefix, topic),
    compose,
    send,
    complain,
    listen(topic, { siteId, accept, onBroken }) {
      const seen = createSeen(REMEMBERED_IDS);
      const filter =
        topic.scope === 'site' && siteId !== undefined
          ? topicPath(prefix, topic, siteId)
          : topicFilter(prefix, topic);
      const receive = createReceiver(topic, (opened, bytes, path) => {
        if (siteId !== undefined && opened.context.siteId !== siteId) return;
        if (opened.envelope && !seen.first(opened.envelope.id)) {
          log.debug({ topic: topic.name, id: opened.envelope.id }, 'repeat dropped');
          return;
        }
        const message = valid(topic, opened, (error) => {
          complain(path, error);
          onBroken?.(opened, error);
        });
        if (message) accept(message, bytes);
      });
      return transport.subscribe(filter, topic.qos, receive);
    },
    listenRaw(topic, onOpened) {
      const receive = createReceiver(topic, onOpened);
      return transport.subscribe(topicFilter(prefix, topic), topic.qos, receive);
    },
  };
}

function valid<Data>(
  topic: Topic<Data>,
  opened: Opened,
  onBroken: (error: unknown) => void,
): Message<Data> | undefined {
  try {
    return checked(topic, opened);
  } catch (error) {
    onBroken(error);
    return undefined;
  }
}
