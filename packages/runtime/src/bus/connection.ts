/** One connection to a broker, from CONNACK until it is lost. What `mqtt-transport.ts` makes and `session.ts` keeps alive. */
import type { Incoming, Outgoing } from './transport.ts';

export interface Connection {
  readonly version: 4 | 5;
  /** Largest packet the broker takes, bytes; undefined when it does not say. */
  readonly maximumPacketSize: number | undefined;
  /** Publications that may be unacknowledged at once; undefined when the broker does not say. */
  readonly receiveMaximum: number | undefined;
  /** Aborts when it is lost. */
  readonly lost: AbortSignal;
  /**
   * `done` without error: the broker has it (QoS 1), or it is written (QoS 0). With an error: the broker refuses it.
   * Never called when the connection is lost first.
   */
  publish(message: Outgoing, done: (error?: Error) => void): void;
  /** `lost`: the connection ended before the answer. */
  subscribe(filter: string, qos: 0 | 1): Promise<'granted' | 'denied' | 'lost'>;
  unsubscribe(filter: string): Promise<void>;
  /** Says goodbye, so that no last will is sent. May hang when the broker does. */
  end(): Promise<void>;
  /** Cuts it, at any time and as often as you like. */
  destroy(): void;
}

export interface ConnectionEvents {
  readonly onMessage: (message: Incoming) => void;
  /** Once, after the connection was made. */
  readonly onLost: (error: ConnectionError) => void;
  /** Gives up connecting. */
  readonly signal: AbortSignal;
}

/** The other side hung up without a word. */
export const CLOSED = 'closed';

/** Why there is no connection. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /** An errno such as `ECONNREFUSED`, an MQTT reason code, or `closed`; undefined for anything else. */
  readonly reason: string | number | undefined;
  /** There was a connection. */
  readonly made: boolean;

  constructor(message: string, reason: string | number | undefined, made: boolean) {
    super(message);
    this.reason = reason;
    this.made = made;
  }
}

/** @throws ConnectionError */
export type Connect = (version: 4 | 5, events: ConnectionEvents) => Promise<Connection>;
