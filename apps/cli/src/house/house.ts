/** How the services of the house are, as their retained health says. */
import { type Health, health } from '@hearth/contracts';
import type { Bus } from '@hearth/runtime';
import { waitFor } from '../wait.ts';

export interface House {
  /** By service, of every instance the latest that was heard. */
  readonly services: ReadonlyMap<string, Health>;
  /** When that was written, milliseconds since the Unix epoch. */
  readonly written: ReadonlyMap<string, number>;
  /** @returns what ends the listening */
  onChange(listener: (service: string, health: Health) => void): () => void;
  close(): Promise<void>;
}

/** More instances than any house has. */
const MAX_SERVICES = 500;
/** Services report every 10 s. Who has not for so long may be gone: after a power cut the broker still has what he said last. */
const OLD_MS = 25_000;
const NEXT_REPORT_MS = 12_000;

/** @param instance only services of this instance; all when absent */
export async function watchHouse(bus: Bus, instance?: string): Promise<House> {
  const services = new Map<string, Health>();
  const written = new Map<string, number>();
  const listeners = new Set<(service: string, health: Health) => void>();
  const subscription = await bus.subscribe(health, ({ data, instance: from, envelope }) => {
    if (!from || (instance !== undefined && from.instance !== instance)) return;
    if (services.size >= MAX_SERVICES && !services.has(from.service)) return;
    services.set(from.service, data);
    written.set(from.service, envelope?.ts ?? Date.now());
    for (const listener of listeners) listener(from.service, data);
  });
  return {
    services,
    written,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => subscription.close(),
  };
}

/** It takes work, all or in part. */
export function works(report: Health | undefined): boolean {
  return report?.state === 'ready' || report?.state === 'degraded';
}

/** How a service is, where its health comes within `timeoutMs`. An old report counts only when another one follows. */
export async function healthOf(
  bus: Bus,
  service: string,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<Health | undefined> {
  const house = await watchHouse(bus);
  try {
    const next = (settle: (report: Health) => void) =>
      house.onChange((name, report) => name === service && settle(report));
    const first = await waitFor<Health>((settle) => {
      const known = house.services.get(service);
      if (known) settle(known);
      return next(settle);
    }, options);
    const old = (house.written.get(service) ?? 0) < Date.now() - OLD_MS;
    // Who left said so last, however long ago. And clocks differ: the next report tells, whatever its time.
    const left = first?.state === 'offline' || first?.state === 'stopping';
    if (!first || left || !old) return first;
    return await waitFor<Health>(next, { ...options, timeoutMs: NEXT_REPORT_MS });
  } finally {
    await house.close();
  }
}

/** False when it does not work within `timeoutMs`. */
export async function waitUntilWorks(
  bus: Bus,
  service: string,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<boolean> {
  const house = await watchHouse(bus);
  try {
    const found = await waitFor<true>((settle) => {
      const check = () => works(house.services.get(service)) && settle(true);
      check();
      return house.onChange(check);
    }, options);
    return found ?? false;
  } finally {
    await house.close();
  }
}
