/** The devices of the home, learned from what they announce and kept up to date. */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Foreign, ForeignMessage, Log } from '@hearth/runtime';
import type { Device } from './device.ts';
import { type Entity, readDiscovery } from './discovery.ts';
import { type FollowedEntity, followEntity } from './follow.ts';
import { createTopics } from './topics.ts';

/** What the contracts allow. Devices beyond that are told in the log once and left out. */
const MAX_DEVICES = 1_000;
/** A device has one to three topics. */
const MAX_TOPICS = 4_000;
/** A device with dozens of components announces some 20 kB. */
const MAX_ANNOUNCEMENT = 256_000;
/** Announcements come in a burst after connecting: tell of them together. */
const SETTLE_MS = 150;

export interface Home {
  readonly devices: readonly Device[];
  /** Sends to topics of devices. */
  readonly send: Foreign['publish'];
  /** Resolves true as soon as `fits`, false when `signal` aborts first. */
  until(device: Device, fits: (device: Device) => boolean, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

export interface HomeOptions {
  readonly foreign: Foreign;
  /** First level of the discovery topics, `homeassistant` by default of all systems. */
  readonly prefix: string;
  readonly log: Log;
  /** Devices came, went or changed their name. */
  readonly onChange: () => void;
}

interface Announcement {
  readonly digest: string;
  readonly entities: readonly FollowedEntity[];
}

export async function openHome({ foreign, prefix, log, onChange }: HomeOptions): Promise<Home> {
  const topics = createTopics(foreign, MAX_TOPICS);
  const announcements = new Map<string, Announcement>();
  /** Undefined after a change: naming a thousand devices a thousand times in one burst would hold the loop. */
  let devices: Device[] | undefined;
  let count = 0;
  let settling: NodeJS.Timeout | undefined;
  let full = false;

  function changed(): void {
    devices = undefined;
    settling ??= setTimeout(() => {
      settling = undefined;
      onChange();
    }, SETTLE_MS);
  }

  function announce(topic: string, payload: Uint8Array): void {
    const digest = createHash('sha256').update(payload).digest('base64');
    const before = announcements.get(topic);
    if (before?.digest === digest) return;
    const found = readDiscovery(topic.slice(prefix.length + 1), payload);
    if (!found) return log.warn({ topic }, 'announcement of a device cannot be read');
    if (!before && found.length === 0) return;
    for (const entity of before?.entities ?? []) entity.close();
    announcements.delete(topic);
    count -= before?.entities.length ?? 0;
    const room = MAX_DEVICES - count;
    if (found.length > room && !full)
      log.warn(`more than ${MAX_DEVICES} devices: some are left out`);
    full = found.length > room;
    const entities = found.slice(0, Math.max(0, room)).map((entity) =>
      followEntity(entity, {
        topics,
        onMissing: (reason) => log.info({ device: entity.id, reason }, 'a state stays unknown'),
      }),
    );
    count += entities.length;
    if (entities.length > 0) announcements.set(topic, { digest, entities });
    changed();
  }

  const options = { limitBytes: MAX_ANNOUNCEMENT };
  const hear = async ({ topic, payload }: ForeignMessage) => {
    announce(topic, payload);
    // A whole house arrives in one piece; calls must not wait until all of it is read.
    await nextTurn();
  };
  const ends = await Promise.all([
    foreign.subscribe(`${prefix}/+/+/config`, hear, options),
    foreign.subscribe(`${prefix}/+/+/+/config`, hear, options),
  ]);

  return {
    get devices() {
      devices ??= named([...announcements.values()].flatMap(({ entities }) => entities));
      return devices;
    },
    send: (topic, payload, limits) => foreign.publish(topic, payload, limits),
    until: (device, fits, signal) => reported(device, fits, signal),
    async close() {
      clearTimeout(settling);
      topics.close();
      await Promise.allSettled(ends.map((end) => end()));
    },
  };
}

/** A name that two have is made longer by that of the whole device, and by a number if that is not enough. */
function named(unsorted: readonly FollowedEntity[]): Device[] {
  // The order of announcements is an accident of the broker.
  const entities = unsorted.toSorted((a, b) => compare(a.entity, b.entity));
  const counts = new Map<string, number>();
  for (const { entity } of entities) {
    const key = `${entity.kind}/${entity.name}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const taken = new Set<string>();
  return entities.map((followed) => {
    const { kind, name, deviceName } = followed.entity;
    const shared = (counts.get(`${kind}/${name}`) ?? 0) > 1 && !name.startsWith(deviceName);
    const wanted = (shared ? `${deviceName} ${name}` : name).slice(0, 95);
    let unique = wanted;
    for (let i = 2; taken.has(`${kind}/${unique}`); i += 1) unique = `${wanted} ${i}`;
    taken.add(`${kind}/${unique}`);
    return deviceOf(followed, unique);
  });
}

function compare(a: Entity, b: Entity): number {
  const [one, other] = [`${a.name}/${a.id}`, `${b.name}/${b.id}`];
  return one < other ? -1 : Number(one > other);
}

/** A view, not a copy: the state goes on changing. */
function deviceOf(followed: FollowedEntity, name: string): Device {
  return {
    name,
    entity: followed.entity,
    silent: followed.silent,
    get state() {
      return followed.state;
    },
    get available() {
      return followed.available;
    },
    onReport: (listener) => followed.onReport(listener),
  };
}

async function reported(
  device: Device,
  fits: (device: Device) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  if (fits(device)) return true;
  if (signal.aborted) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onAbort = () => resolve(false);
  const end = device.onReport(() => fits(device) && resolve(true));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await promise;
  } finally {
    end();
    signal.removeEventListener('abort', onAbort);
  }
}
