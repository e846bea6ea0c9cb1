/** Services of the assistant as processes of their own, as they run in earnest. */
import { type Health, health } from '@hearth/contracts';
import type { Bus } from '@hearth/runtime';
import { type Child, startApp } from './children.ts';
import { connectBus } from './connect.ts';
import { expectWithin, met } from './deadline.ts';

export interface House {
  readonly bus: Bus;
  /** The next reports of a service, e.g. `stt-worker`. @throws Error when one is more than 30 s late */
  reports(service: string, count: number): Promise<Health[]>;
  /** Ends the processes and the bus. */
  stop(): Promise<void>;
}

export interface HouseOptions {
  readonly url: string;
  /** Folders below `apps/`. */
  readonly services: readonly string[];
  /** Empty: for their data. */
  readonly folder: string;
}

/** Engines load within seconds; a machine that is busy takes longer. */
const READY_MS = 60_000;
/** Services report every 10 s. */
const REPORT_MS = 30_000;

/** Resolves when all are ready. @throws Error naming those that are not within 60 s */
export async function startHouse({ url, services, folder }: HouseOptions): Promise<House> {
  const bus = await connectBus(url);
  const children: Child[] = [];
  const listeners = new Set<(service: string, report: Health) => void>();
  const stop = async () => {
    await Promise.all(children.map((child) => child.stop()));
    await bus.close();
  };

  async function watch(
    limitMs: number,
    explain: () => string,
    done: (service: string, report: Health) => boolean,
  ): Promise<void> {
    const expected = expectWithin<void>(limitMs, explain);
    const listener = (service: string, report: Health) => {
      if (done(service, report)) expected.resolve();
    };
    listeners.add(listener);
    try {
      await met(expected);
    } finally {
      listeners.delete(listener);
    }
  }

  try {
    await bus.subscribe(health, ({ data, instance }) => {
      for (const listener of listeners) if (instance) listener(instance.service, data);
    });
    const missing = new Map(services.map((service) => [service, 'does not answer']));
    const explain = () => `not ready: ${[...missing].map((pair) => pair.join(' ')).join('; ')}`;
    const pids = new Set<number>();
    const ready = watch(READY_MS, explain, (service, { state, pid, reason = state }) => {
      // A retained report of an earlier process says nothing about this one.
      if (pid === undefined || !pids.has(pid) || !services.includes(service)) return false;
      if (state === 'ready') missing.delete(service);
      else missing.set(service, reason);
      return missing.size === 0;
    });
    const options = { env: { MQTT_URL: url }, folder };
    for (const service of services) {
      const child = await startApp(`apps/${service}`, ['serve'], options);
      children.push(child);
      pids.add(child.pid);
    }
    await ready;
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    bus,
    stop,
    async reports(service, count) {
      const seen: Health[] = [];
      const explain = () => `${service}: ${seen.length} of ${count} reports`;
      await watch(count * REPORT_MS, explain, (from, report) => {
        if (from === service) seen.push(report);
        return seen.length >= count;
      });
      return seen;
    },
  };
}
