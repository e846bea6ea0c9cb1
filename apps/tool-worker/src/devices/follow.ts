/** Keeps the state of one device as its topics tell it. */
import type { Entity } from './discovery.ts';
import { type Availability, availabilityOf, readingsOf, type State } from './reading.ts';
import type { Topics } from './topics.ts';

export interface FollowedEntity {
  readonly entity: Entity;
  readonly state: State;
  readonly available: boolean | undefined;
  readonly silent: boolean;
  /** Called after each report of the device. @returns what ends it */
  onReport(listener: () => void): () => void;
  close(): void;
}

export interface FollowOptions {
  readonly topics: Topics;
  /** Why something about the device stays unknown. */
  readonly onMissing: (reason: string) => void;
}

export function followEntity(entity: Entity, { topics, onMissing }: FollowOptions): FollowedEntity {
  const listeners = new Set<() => void>();
  const ends: (() => void)[] = [];
  let state: State = {};

  function follow(topic: string, listener: (payload: string) => void): void {
    const end = topics.follow(topic, listener);
    if (end) ends.push(end);
    else onMissing('too many topics');
  }

  const readings = readingsOf(entity, onMissing);
  for (const reading of readings) {
    follow(reading.topic, (payload) => {
      const told = reading.read(payload);
      if (Object.keys(told).length === 0) return;
      state = { ...state, ...told };
      for (const listener of listeners) listener();
    });
  }
  const presence = createPresence(entity);
  for (const source of presence.sources) {
    follow(source.topic, (payload) => presence.tell(source, payload));
  }

  return {
    entity,
    get state() {
      return state;
    },
    get available() {
      return presence.available;
    },
    silent: readings.length === 0,
    onReport(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      for (const end of ends) end();
      listeners.clear();
    },
  };
}

function createPresence({ config }: Entity) {
  const sources = availabilityOf(config);
  const told = new Map<Availability, boolean>();
  let latest: boolean | undefined;
  return {
    sources,
    tell(source: Availability, payload: string): void {
      const available = source.read(payload);
      if (available === undefined) return;
      told.set(source, available);
      latest = available;
    },
    get available(): boolean | undefined {
      if (told.size === 0) return undefined;
      if (config.availability_mode === 'all') return [...told.values()].every(Boolean);
      if (config.availability_mode === 'any') return [...told.values()].some(Boolean);
      return latest;
    },
  };
}
