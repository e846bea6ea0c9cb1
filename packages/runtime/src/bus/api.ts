/** What services see of the bus: publish, subscribe, call and serve, typed by the contracts. */
import type { Call, Envelope, Topic } from '@hearth/contracts';
import type { Foreign } from './foreign.ts';
import type { BusState } from './transport.ts';

/** Travels from message to message: hand on what you were given. */
export interface Context {
  readonly siteId?: string | undefined;
  readonly turnId?: string | undefined;
  /** The `id` of the message that caused this one. */
  readonly causationId?: string | undefined;
  readonly traceparent?: string | undefined;
}

export interface Instance {
  readonly service: string;
  readonly instance: string;
}

export interface Message<Data> {
  readonly data: Data;
  /** Samples of `pcm` and `frame` formats; empty otherwise. */
  readonly body: Uint8Array;
  /** For whatever this message causes: its `causationId` is the id of this message. */
  readonly context: Context;
  /** Absent for the formats `frame` and `text`. */
  readonly envelope?: Envelope | undefined;
  /** Scope `instance` only. */
  readonly instance?: Instance | undefined;
}

export interface PublishOptions extends Context {
  readonly correlationId?: string | undefined;
  readonly body?: Uint8Array | undefined;
  /** From now, milliseconds; receivers drop the message after that. */
  readonly deadlineMs?: number | undefined;
  /** Scope `instance` only. */
  readonly instance?: Instance | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface InboxOptions {
  /** Only messages of this site. */
  readonly siteId?: string | undefined;
  /** Handlers that may run at once. 1, the default, keeps the order. */
  readonly concurrency?: number | undefined;
  /** Messages that may wait; 256 by default. */
  readonly limit?: number | undefined;
  /**
   * What happens at the limit. `drop-oldest`, the default of `subscribe`: the oldest waiting message is dropped and
   * counted. `reject`, the default of `serve`: the new one is dropped; a request is answered with QUEUE_FULL at once.
   */
  readonly overflow?: 'drop-oldest' | 'reject' | undefined;
}

export interface Subscription {
  /** Takes no more messages. What waits is dropped, what runs runs on. */
  close(): Promise<void>;
  /** Messages dropped at the limit so far. */
  readonly dropped: number;
}

export interface Reply<Data> {
  readonly data: Data;
  readonly body?: Uint8Array | undefined;
}

export interface CallOptions extends Context {
  readonly body?: Uint8Array | undefined;
  /** For all attempts together; the call's own by default. */
  readonly timeoutMs?: number | undefined;
  /** How often the request is sent, evenly spread over the time, until there is a reply. 1 by default. */
  readonly attempts?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Messages<Data>
  extends AsyncIterableIterator<Message<Data>>,
    AsyncDisposable,
    Subscription {}

/** Sizes of what the bus holds, to show that nothing is left behind. */
export interface BusStats {
  readonly pendingCalls: number;
  readonly subscriptions: number;
  /** Publications that wait for the broker. */
  readonly outbox: number;
}

export interface Bus {
  /**
   * Resolves when the broker has it (QoS 1) or when it is written (QoS 0).
   *
   * @throws RuntimeError INVALID_PAYLOAD, PAYLOAD_TOO_LARGE, OFFLINE, TIMEOUT after 10 s, QUEUE_FULL, REFUSED, CANCELLED, CLOSED
   */
  publish<Data>(topic: Topic<Data>, data: Data, options?: PublishOptions): Promise<void>;
  /** Resolves when the broker delivers; without a broker at once, and the subscription is made when there is one. */
  subscribe<Data>(
    topic: Topic<Data>,
    handler: (message: Message<Data>) => unknown,
    options?: InboxOptions,
  ): Promise<Subscription>;
  /** The same as an iterator. It ends when `signal` aborts, when the loop is left, and when the bus closes. */
  messages<Data>(
    topic: Topic<Data>,
    options?: InboxOptions & { readonly signal?: AbortSignal | undefined },
  ): Promise<Messages<Data>>;
  /**
   * Sends the request and waits for its reply, at most `call.timeoutMs`.
   *
   * @throws RuntimeError REMOTE when the reply is an error, else as `publish`
   */
  call<Request, Answer>(
    call: Call<Request, Answer>,
    request: Request,
    options?: CallOptions,
  ): Promise<Message<Answer>>;
  /** Answers each request once. `signal` aborts at the request's deadline. An error that is thrown is sent as the reply. */
  serve<Request, Answer>(
    call: Call<Request, Answer>,
    answer: (request: Message<Request>, signal: AbortSignal) => Promise<Reply<Answer>>,
    options?: InboxOptions,
  ): Promise<Subscription>;
  /** Topics of other systems, e.g. of devices. */
  readonly foreign: Foreign;
  readonly state: BusState;
  /** @returns what ends the listening */
  onState(listener: (state: BusState) => void): () => void;
  readonly stats: BusStats;
  /** Refuses new requests with CLOSED and resolves when those taken are answered: at the latest at their deadlines. */
  drain(): Promise<void>;
  /** Sends what waits, then disconnects; after `timeoutMs` (2,000) without it. Never hangs. */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}
