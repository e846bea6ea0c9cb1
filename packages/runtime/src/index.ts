/** The surface of the runtime: every name another package may use. */
export {
  type Bus,
  type BusLog,
  type BusOptions,
  type BusStats,
  type CallOptions,
  type Context,
  createBus,
  type InboxOptions,
  type Instance,
  type Message,
  type Messages,
  type PublishOptions,
  type Reply,
  type Subscription,
} from './bus/bus.ts';
export { createMemoryTransport } from './bus/memory-transport.ts';
export { connectMqtt, type MqttOptions } from './bus/mqtt-transport.ts';
export type { BusState, Transport } from './bus/transport.ts';
export { RuntimeError, type RuntimeErrorCode } from './errors.ts';
