/** Runs a service for a test as it runs in earnest, and a peer on the same broker to talk to it. */
import { createId, type Health, health, type Topic } from '@hearth/contracts';
import { pino } from 'pino';
import type { z } from 'zod';
import { type Bus, createBus, type Message } from './bus/bus.ts';
import { connectMqtt } from './bus/mqtt-transport.ts';
import { readSettings } from './config.ts';
import { runService, type ServiceSpec } from './service.ts';

const LIMIT_MS = 15_000;
const COLLECT_MS = 5_000;

export interface TestService {
  readonly peer: Bus;
  /** Ends the service as SIGTERM does; resolves with its exit code. */
  stop(): Promise<number>;
}

/** Resolves when the service has reported that it is ready, or degraded. */
export async function runTestService<Shape extends z.ZodRawShape>(
  spec: ServiceSpec<Shape>,
  url: string,
  env: Readonly<Record<string, string>> = {},
): Promise<TestService> {
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
  const settings = await readSettings(spec.name, spec.settings, { ...env, MQTT_URL: url });
  const stop = new AbortController();
  const ended = runService(spec, settings, { log, stop: stop.signal });
  const peer = connectPeer(url);
  await reportOf(peer, spec.name, ({ state }) => state === 'ready' || state === 'degraded');
  return {
    peer,
    async stop() {
      stop.abort();
      const code = await ended;
      await peer.close();
      return code;
    },
  };
}

/** A bus of its own, as another process would have it. */
export function connectPeer(url: string): Bus {
  const log = pino({ level: 'silent' });
  const transport = connectMqtt({ url, clientId: `peer-${createId()}`, log });
  return createBus({ transport, source: 'peer', log });
}

/** The first report of a service that `fits`. @throws when none comes within 15 s */
export async function reportOf(
  bus: Bus,
  service: string,
  fits: (report: Health) => boolean,
): Promise<Health> {
  const reports = await bus.messages(health, { signal: AbortSignal.timeout(LIMIT_MS) });
  for await (const { data, instance } of reports) {
    if (instance?.service === service && fits(data)) return data;
  }
  throw new Error(`${service}: no such report within ${LIMIT_MS} ms`);
}

export interface Collected<Data> {
  readonly messages: readonly Message<Data>[];
  /** The first message that fits, of those that came and those that come within 5 s. */
  until(fits?: (message: Message<Data>) => boolean): Promise<Message<Data>>;
}

/** Keeps every message of a topic, so that none is missed between two waits. */
export async function collect<Data>(bus: Bus, topic: Topic<Data>): Promise<Collected<Data>> {
  const messages: Message<Data>[] = [];
  const listeners = new Set<() => void>();
  await bus.subscribe(topic, (message) => {
    messages.push(message);
    for (const listener of listeners) listener();
  });
  return {
    messages,
    async until(fits = () => true) {
      const { promise, resolve, reject } = Promise.withResolvers<Message<Data>>();
      const look = () => {
        const found = messages.find(fits);
        if (found) resolve(found);
      };
      const timer = setTimeout(
        () => reject(new Error(`nothing that fits on ${topic.name}`)),
        COLLECT_MS,
      );
      listeners.add(look);
      look();
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        listeners.delete(look);
      }
    },
  };
}
