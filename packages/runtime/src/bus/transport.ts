/** What the bus needs of a network. Two exist: MQTT, and memory for tests. */

export interface BusState {
  /** `ready` means that a message to ourselves came back. */
  readonly status: 'connecting' | 'ready' | 'offline' | 'closed';
  /** Why it is not `ready`, or what is missing though it is, and what to do. For people. */
  readonly reason?: string | undefined;
}

export interface Outgoing {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  /** For outsiders that speak MQTT 5; the payload says the same. */
  readonly outside?: {
    readonly responseTopic?: string | undefined;
    readonly correlationId?: string | undefined;
    readonly traceparent?: string | undefined;
    /** Milliseconds from now. */
    readonly expiresInMs?: number | undefined;
  };
}

export interface Incoming {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** The broker had kept it from before the subscription. */
  readonly retained?: boolean;
}

export interface Transport {
  /**
   * Resolves when the broker has it (QoS 1) or when it is written (QoS 0).
   *
   * @throws RuntimeError OFFLINE, TIMEOUT, QUEUE_FULL, PAYLOAD_TOO_LARGE, REFUSED, CANCELLED, CLOSED
   */
  publish(
    message: Outgoing,
    limits: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
  ): Promise<void>;
  /** `listener` is called once per message that `filter` matches, and must not throw. Resolves with what ends it. */
  subscribe(
    filter: string,
    qos: 0 | 1,
    listener: (message: Incoming) => void,
  ): Promise<() => Promise<void>>;
  readonly state: BusState;
  onState(listener: (state: BusState) => void): () => void;
  /** Publications that wait for the broker. */
  readonly waiting: number;
  close(timeoutMs: number): Promise<void>;
}

/** MQTT's rule: `+` is any one level, `#` at the end any number of levels. */
export function matches(filter: string, topic: string): boolean {
  if (filter === topic) return true;
  // Most filters are plain topics, and there may be one for each device of a house.
  if (!filter.includes('+') && !filter.endsWith('#')) return false;
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return true;
    if (levels[index] === undefined || (level !== '+' && level !== levels[index])) return false;
  }
  return wanted.length === levels.length;
}
