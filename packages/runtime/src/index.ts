/** The surface of the runtime: every name another package may use. */
export {
  type Bus,
  type BusOptions,
  type BusStats,
  type CallOptions,
  type Context,
  createBus,
  type Foreign,
  type ForeignMessage,
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
export { type CommandContext, type CommandSpec, runServiceCli } from './cli.ts';
export { type BaseSettings, baseSettings, readSettings } from './config.ts';
export { chooseEngine, type EngineCandidate, type EngineChoice } from './engines/choose.ts';
export { fallbackHealth, type FallbackOptions, withFallback } from './engines/fallback.ts';
export { hashFile, type ModelCheck, requireModel } from './engines/model.ts';
export { importOptional, type OptionalPackage } from './engines/optional.ts';
export {
  createRemoteGuard,
  type RemoteGuard,
  type RemoteGuardOptions,
  type RunOptions,
} from './engines/remote-guard.ts';
export { RuntimeError, type RuntimeErrorCode } from './errors.ts';
export type { HealthReporter } from './health.ts';
export { createLog, type Log } from './log.ts';
export {
  type EngineCallOptions,
  type Input,
  type OpenOptions,
  openEngine,
  type Output,
  type RunningEngine,
} from './offload/engine.ts';
export type { CallTools, LoadTools } from './offload/engine-class.ts';
export { keepEngine, type KeepOptions } from './offload/keep.ts';
export { siblingModule } from './offload/sibling.ts';
export type { EngineChange, EngineSpec } from './offload/spec.ts';
export type { RunningService, ServiceContext, ServiceSpec } from './service.ts';
export { EXIT_INTERRUPTED, stopOnSignals } from './stop.ts';
export { preciseNow, type Trace } from './trace.ts';
export { EXIT_CONFIG, UserError } from './user-error.ts';
export { VERSION } from './version.ts';
