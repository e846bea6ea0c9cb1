/** Says how a service is: retained on `health/<service>/<instance>`, at every change and every few seconds. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Health, health } from '@hearth/contracts';
import type { Bus } from './bus/bus.ts';
import type { Log } from './log.ts';
import { VERSION } from './version.ts';

/** How often it is published when nothing changes. */
const REPORT_EVERY_MS = 10_000;
/** Timer grain of the event-loop measurement; finer costs more than it tells. */
const LOOP_RESOLUTION_MS = 10;
const MAX_REASON_LENGTH = 500;

export interface HealthReporter {
  /** `part` does not work. Others may; the service is `degraded` until every part is ok again. */
  degraded(part: string, reason: string): void;
  ok(part: string): void;
  /** A figure or a name that belongs into the report, e.g. `engine`. */
  detail(key: string, value: string | number | boolean): void;
}

export interface ServiceHealth extends HealthReporter {
  started(): void;
  stopping(): Promise<void>;
  close(): void;
}

export interface HealthOptions {
  readonly bus: Bus;
  readonly service: string;
  readonly instance: string;
  readonly log: Log;
}

export function reportHealth({ bus, service, instance, log }: HealthOptions): ServiceHealth {
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  const troubles = new Map<string, string>();
  const details = new Map<string, string | number | boolean>();
  let phase: 'starting' | 'started' | 'stopping' = 'starting';
  let shown: Health['state'] = 'starting';
  let since = Date.now();

  function publish(): Promise<void> {
    const report = describe();
    return bus.publish(health, report, { instance: { service, instance } }).catch((error) => {
      log.debug({ error }, 'health not published');
    });
  }

  function describe(): Health {
    const state = stateOf(phase, troubles);
    if (state !== shown) since = Date.now();
    shown = state;
    const reason = [...troubles.values()].join('; ').slice(0, MAX_REASON_LENGTH);
    const report: Health = {
      state,
      since,
      version: VERSION,
      pid: process.pid,
      rssMb: Math.round(process.memoryUsage.rss() / 1e5) / 10,
      eventLoopDelay: {
        p50Ms: lateMs(loop.percentile(50)),
        p99Ms: lateMs(loop.percentile(99)),
        maxMs: lateMs(loop.max),
      },
      ...(reason && { reason }),
      ...(details.size > 0 && { details: Object.fromEntries(details) }),
    };
    return report;
  }

  const timer = setInterval(() => {
    void publish();
    loop.reset();
  }, REPORT_EVERY_MS);
  timer.unref();
  loop.enable();
  void publish();

  return {
    degraded(part, reason) {
      if (troubles.get(part) === reason) return;
      troubles.set(part, reason);
      log.warn({ part }, `degraded: ${reason}`);
      void publish();
    },
    ok(part) {
      if (!troubles.delete(part)) return;
      log.info({ part }, 'works again');
      void publish();
    },
    detail(key, value) {
      if (details.get(key) === value) return;
      details.set(key, value);
      void publish();
    },
    started() {
      phase = 'started';
      void publish();
    },
    async stopping() {
      phase = 'stopping';
      await publish();
    },
    close() {
      clearInterval(timer);
      loop.disable();
    },
  };
}

function stateOf(
  phase: 'starting' | 'started' | 'stopping',
  troubles: ReadonlyMap<string, string>,
): Health['state'] {
  if (phase === 'stopping') return 'stopping';
  if (troubles.size > 0) return 'degraded';
  return phase === 'starting' ? 'starting' : 'ready';
}

/** The monitor counts the timer's own grain in; NaN before its first sample. */
function lateMs(nanoseconds: number): number {
  const late = nanoseconds / 1e6 - LOOP_RESOLUTION_MS;
  return Number.isFinite(late) ? Math.max(0, Math.round(late * 10) / 10) : 0;
}

/** What the broker publishes when the service vanishes without a word. */
export function lastWill(): Health {
  return { state: 'offline', reason: 'connection lost', since: Date.now(), version: VERSION };
}
