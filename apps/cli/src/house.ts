/** How the services of the house are, as their retained health says. */
import { type Health, health } from '@hearth/contracts';
import type { Bus } from '@hearth/runtime';
import { waitFor } from './wait.ts';

export interface House {
  /** By service, of every instance the latest that was heard. */
  readonly services: ReadonlyMap<string, Health>;
  /** @returns what ends the listening */
  onChange(listener: (service: string, health: Health) => void): () => void;
  close(): Promise<void>;
}

/** More instances than any house has. */
const MAX_SERVICES = 500;

/** @param instance only services of this instance; all when absent */
export async function watchHouse(bus: Bus, instance?: string): Promise<House> {
  const services = new Map<string, Health>();
  const listeners = new Set<(service: string, health: Health) => void>();
  const subscription = await bus.subscribe(health, ({ data, instance: from }) => {
    if (!from || (instance !== undefined && from.instance !== instance)) return;
    if (services.size >= MAX_SERVICES && !services.has(from.service)) return;
    services.set(from.service, data);
    for (const listener of listeners) listener(from.service, data);
  });
  return {
    services,
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

/** How a service is, where its health comes within `timeoutMs`. */
export async function healthOf(
  bus: Bus,
  service: string,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<Health | undefined> {
  const house = await watchHouse(bus);
  try {
    return await waitFor<Health>((settle) => {
      const known = house.services.get(service);
      if (known) settle(known);
      return house.onChange((name, report) => name === service && settle(report));
    }, options);
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
