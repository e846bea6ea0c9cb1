/** Where is the assistant to talk to? The one that runs, or else one that is brought up for the occasion. */
import { type Bus, UserError } from '@hearth/runtime';
import { type Assistant, bringUp, type Place } from './assistant.ts';
import { connect } from './connect.ts';
import { BROKER_HOST, BROKER_PORT } from '../broker/embedded-broker.ts';
import { healthOf, waitUntilWorks, works } from './house.ts';
import { freePort, usedBy } from './port.ts';
import { readRunFile } from './run-file.ts';
import type { CliSettings } from '../settings.ts';

export interface Found {
  readonly url: string;
  readonly bus: Bus;
  /** Also takes an assistant down that was brought up for this command. */
  close(): Promise<void>;
}

export interface FindOptions {
  readonly settings: CliSettings;
  /** The service without which the command makes no sense. */
  readonly service: 'router' | 'tts-worker';
  readonly signal: AbortSignal;
  /** Tells a person what is going on. */
  readonly tell: (line: string) => void;
}

/** Retained messages come right after the subscription; twice a slow machine's pause. */
const RETAINED_MS = 1_000;
/** Loads of engines and models included. */
export const READY_MS = 90_000;
export const GIVE_UP_AFTER_DEATHS = 3;

/** @throws UserError `BROKER_UNREACHABLE`, or why none could be brought up */
export async function findAssistant(options: FindOptions): Promise<Found> {
  const { settings, signal, tell } = options;
  const running = await findRunning(options);
  if (running) return running;
  tell('No assistant is running: starting one for this turn …');
  const place: Place = settings.brokerUrl
    ? { url: settings.brokerUrl }
    : { port: await freePort() };
  const assistant = await bringUp({ settings, place, signal });
  try {
    const giveUpAfterDeaths = GIVE_UP_AFTER_DEATHS;
    await assistant.ready({ timeoutMs: READY_MS, giveUpAfterDeaths, signal });
  } catch (error) {
    await assistant.stop();
    throw error;
  }
  return broughtUp(assistant);
}

function broughtUp(assistant: Assistant): Found {
  const { url, bus } = assistant;
  return { url, bus, close: () => assistant.stop() };
}

/** `MQTT_URL`, else what `hearth up` wrote down, else the usual port of this machine. */
export async function findRunning(options: FindOptions): Promise<Found | undefined> {
  const { settings, signal } = options;
  const run = await readRunFile(settings.HEARTH_DATA_DIR);
  // One of our own is waited for even while a service of it is being started again: a second would throw it off the broker.
  if (settings.brokerUrl && run?.url !== settings.brokerUrl) {
    return tryUrl(settings.brokerUrl, options);
  }
  if (run) {
    // The process number may belong to another program by now: then no broker answers there.
    const bus = await connect({ url: run.url, settings, signal }).catch(() => undefined);
    if (bus) return whenReady(run.url, bus, options);
    signal.throwIfAborted();
  }
  if (settings.brokerUrl) return tryUrl(settings.brokerUrl, options);
  const port = settings.port || BROKER_PORT;
  const use = await usedBy(port, settings);
  return use === 'hearth' ? tryUrl(`mqtt://${BROKER_HOST}:${port}`, options) : undefined;
}

/** Undefined when the broker is there, but the service is not. */
async function tryUrl(url: string, options: FindOptions): Promise<Found | undefined> {
  const { settings, service, signal } = options;
  const bus = await connect({ url, settings, signal });
  try {
    const health = await healthOf(bus, service, { timeoutMs: RETAINED_MS, signal });
    if (health?.state === 'starting' || works(health)) return await whenReady(url, bus, options);
  } catch (error) {
    await bus.close();
    throw error;
  }
  await bus.close();
  return undefined;
}

/** An assistant that is coming up is waited for: a second one would write the same files. */
async function whenReady(url: string, bus: Bus, options: FindOptions): Promise<Found> {
  const { service, signal, tell } = options;
  try {
    const health = await healthOf(bus, service, { timeoutMs: RETAINED_MS, signal });
    if (!works(health)) {
      tell(`Waiting for ${service} …`);
      if (!(await waitUntilWorks(bus, service, { timeoutMs: READY_MS, signal }))) {
        throw new UserError('NOT_READY', `${service} at ${url} does not get ready.`);
      }
    }
    return { url, bus, close: () => bus.close() };
  } catch (error) {
    await bus.close();
    throw error;
  }
}
