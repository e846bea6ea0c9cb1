/** Runs one service from its settings to its exit code: bus, health, signals and an orderly end. */
import { createEnvelope, health as healthTopic, topicPath } from '@hearth/contracts';
import type { z } from 'zod';
import { type Bus, createBus } from './bus/bus.ts';
import { connectMqtt } from './bus/mqtt-transport.ts';
import type { BaseSettings } from './config.ts';
import { type HealthReporter, lastWill, reportHealth } from './health.ts';
import type { Log } from './log.ts';
import { createTrace, type Trace } from './trace.ts';

/** How long telling the others may take: a broker that is away must not hold up the end. */
const TELL_MS = 500;
/** How long work that has begun may take to end after SIGTERM. Docker kills after 10 s. */
const DRAIN_MS = 10_000;
/** How long closing may take after that. */
const CLOSE_MS = 1_500;
/** How long the broker keeps what comes in for a service that is away. Requests carry a deadline besides. */
const SESSION_S = 600;

export interface ServiceContext<Settings> {
  readonly bus: Bus;
  readonly settings: Settings;
  readonly log: Log;
  readonly health: HealthReporter;
  readonly trace: Trace;
  /** Aborts when the service is told to stop: take no new work. */
  readonly signal: AbortSignal;
}

export interface RunningService {
  /** Finishes what is in flight; cut short after 10 s. */
  drain?(): Promise<void>;
  close?(): Promise<void>;
}

export interface ServiceSpec<Shape extends z.ZodRawShape> {
  /** As in topics and log lines, e.g. `stt-worker`. */
  readonly name: string;
  /** Keys are names of environment variables, each with a description and a default. */
  readonly settings: z.ZodObject<Shape>;
  /** Subscribes and returns. It is called before the broker answers, so that no waiting message is lost. */
  start(
    context: ServiceContext<z.infer<z.ZodObject<Shape>> & BaseSettings>,
  ): Promise<RunningService>;
}

/** Resolves with the exit code when the service has ended after `stop` aborted. */
export async function runService<Shape extends z.ZodRawShape>(
  spec: ServiceSpec<Shape>,
  settings: z.infer<z.ZodObject<Shape>> & BaseSettings,
  { log, stop }: { log: Log; stop: AbortSignal },
): Promise<number> {
  const bus = createBus({
    transport: connectService(spec.name, settings, log),
    source: spec.name,
    prefix: settings.HEARTH_PREFIX,
    log,
  });
  const instance = settings.HEARTH_INSTANCE;
  const health = reportHealth({ bus, service: spec.name, instance, log });
  const trace = createTrace(bus, log);
  bus.onState(({ status, reason }) => {
    if (reason && status === 'ready') health.degraded('bus', reason);
    if (!reason) health.ok('bus');
  });
  const running = await spec.start({ bus, settings, log, health, trace, signal: stop });
  health.started();
  log.info('started');

  await aborted(stop);
  log.info('stopping');
  await within(TELL_MS, () => health.stopping());
  const drained = await within(DRAIN_MS, async () => {
    await running.drain?.();
    await bus.drain();
  });
  if (!drained) log.warn(`work in flight was cut off after ${DRAIN_MS} ms`);
  await within(CLOSE_MS, async () => running.close?.());
  health.close();
  await bus.close({ timeoutMs: CLOSE_MS });
  log.info('stopped');
  return 0;
}

function connectService(name: string, settings: BaseSettings, log: Log) {
  const instance = settings.HEARTH_INSTANCE;
  const will = createEnvelope(
    { type: healthTopic.name, source: name, data: lastWill() },
    Date.now(),
  );
  return connectMqtt({
    url: settings.MQTT_URL,
    clientId: `hearth-${name}-${instance}`,
    username: settings.MQTT_USERNAME,
    password: settings.MQTT_PASSWORD,
    will: {
      topic: topicPath(settings.HEARTH_PREFIX, healthTopic, `${name}/${instance}`),
      payload: JSON.stringify(will),
      retain: true,
    },
    sessionExpiryS: SESSION_S,
    prefix: settings.HEARTH_PREFIX,
    log,
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** False when `work` took longer. Its errors are not worth delaying the end for. */
async function within(limitMs: number, work: () => Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), limitMs);
  try {
    return await Promise.race([work().then(always, always), late]);
  } finally {
    clearTimeout(timer);
  }
}

function always(): boolean {
  return true;
}
