/** One connection to a broker, from CONNACK until it is lost. What `mqtt-transport.ts` makes and `session.ts` keeps alive. */
import type { Incoming, Outgoing } from './transport.ts';

export interface Connection {
  readonly version: 4 | 5;
  /** Largest packet the broker takes, bytes; undefined when it does not say. */
  readonly maximumPacketSize: number | undefined;
  /** Publications that may be unacknowledged at once; undefined when the broker does not say. */
  readonly receiveMaximum: number | undefined;
  /** `done` without error: the broker has it (QoS 1), or it is written (QoS 0). It may never be called when the connection is lost. */
  publish(message: Outgoing, done: (error?: Error) => void): void;
  /** False when the broker denies it. */
  subscribe(filter: string, qos: 0 | 1): Promise<boolean>;
  unsubscribe(filter: string): Promise<void>;
  /** Says goodbye, so that no last will is sent. */
  end(): Promise<void>;
  /** Cuts the connection. */
  destroy(): void;
}

export interface ConnectionEvents {
  readonly onMessage: (message: Incoming) => void;
  /** Once, after the connection was made. */
  readonly onLost: (cause: ConnectionError) => void;
}

/** Why there is no connection. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /** An errno such as `ECONNREFUSED`, an MQTT reason code, or undefined. */
  readonly reason: string | number | undefined;

  constructor(message: string, reason: string | number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** @throws ConnectionError */
export type Connect = (version: 4 | 5, events: ConnectionEvents) => Promise<Connection>;
