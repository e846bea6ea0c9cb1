/** Topics that are not Hearth's: raw payloads of other systems in the house, over the connection of the bus. */
import { errorFacts } from '../errors.ts';
import type { BusLog } from './bus-log.ts';
import { createInbox } from './inbox.ts';
import type { Transport } from './transport.ts';

/** How long a publication may wait for the broker. */
const PUBLISH_LIMIT_MS = 10_000;
/** Payloads above this are not handed on: what a device tells about itself is a few kilobytes. */
const DEFAULT_LIMIT_BYTES = 256_000;
const DEFAULT_LIMIT = 4_096;

export interface ForeignMessage {
  readonly topic: string;
  /** As it came. Nobody has checked it; empty where a retained message was removed. */
  readonly payload: Uint8Array;
}

interface ForeignInboxOptions {
  /** Largest payload that is handed on; 256 kB by default. A larger one is dropped with a warning. */
  readonly limitBytes?: number;
  /** Messages that may wait, 4,096 by default; then the oldest is dropped. */
  readonly limit?: number;
}

interface ForeignPublishOptions {
  /** 10 s by default, at most. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** No envelope, no prefix, no retained publications: what Hearth itself says goes over the typed topics. */
export interface Foreign {
  /** @throws RuntimeError as `Bus.publish` */
  publish(topic: string, payload: string, options?: ForeignPublishOptions): Promise<void>;
  /** Handlers run one after the other, in the order of the messages. Resolves with what ends it. */
  subscribe(
    filter: string,
    handler: (message: ForeignMessage) => unknown,
    options?: ForeignInboxOptions,
  ): Promise<() => Promise<void>>;
}

export function createForeign(transport: Transport, log: BusLog): Foreign {
  return {
    async publish(topic, payload, { timeoutMs = PUBLISH_LIMIT_MS, signal } = {}) {
      const bytes = new TextEncoder().encode(payload);
      await transport.publish(
        { topic, payload: bytes, qos: 1, retain: false },
        { timeoutMs: Math.min(timeoutMs, PUBLISH_LIMIT_MS), signal },
      );
    },

    async subscribe(
      filter,
      handler,
      { limitBytes = DEFAULT_LIMIT_BYTES, limit = DEFAULT_LIMIT } = {},
    ) {
      const inbox = createInbox<ForeignMessage>({
        concurrency: 1,
        limit,
        overflow: 'drop-oldest',
        work: handler,
        onError: (error) => log.error({ topic: filter, ...errorFacts(error) }, 'handler failed'),
        onLost: (_, dropped) =>
          log.debug({ topic: filter, dropped }, 'inbox full: messages dropped'),
      });
      const end = await transport.subscribe(filter, 1, (message) => {
        const bytes = message.payload.length;
        if (bytes <= limitBytes) inbox.offer(message, bytes);
        else log.warn({ topic: message.topic, bytes }, 'message dropped: too large');
      });
      return async () => {
        inbox.close();
        await end();
      };
    },
  };
}
