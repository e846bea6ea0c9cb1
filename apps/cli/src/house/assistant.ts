/** A whole assistant, brought up here: broker where none is given, workers, and their state. */
import { type Bus, UserError } from '@hearth/runtime';
import type { ChildSpec } from './child.ts';
import { connect } from './connect.ts';
import { BROKER_HOST } from '../broker/embedded-broker.ts';
import { type House, watchHouse } from './house.ts';
import { type ReadyOptions, waitUntilReady } from './readiness.ts';
import { type ServiceRow, serviceRow } from './service-row.ts';
import type { CliSettings } from '../settings.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { BROKER, brokerSpec, STOP_ORDER, workerSpecs } from './workers.ts';

export interface Assistant {
  readonly url: string;
  readonly bus: Bus;
  rows(): ServiceRow[];
  /** Resolves when every service works; see readiness.ts. */
  ready(options: ReadyOptions): Promise<void>;
  /** Ends everything in order. */
  stop(): Promise<void>;
}

export type Place = { readonly url: string } | { readonly port: number };

export interface BringUpOptions {
  readonly settings: CliSettings;
  /** A broker that runs already, or the port for our own. */
  readonly place: Place;
  readonly signal: AbortSignal;
  /** All workers of the repository where nothing else is said. */
  readonly workers?: readonly ChildSpec[];
  /** Something about `rows()` changed. */
  readonly onChange?: () => unknown;
  /** A line that a process wrote. */
  readonly onLine?: (name: string, line: string) => unknown;
}

/** A fresh Node process answers within a second; a busy small machine takes its time. */
const BROKER_START_MS = 20_000;

export async function bringUp(options: BringUpOptions): Promise<Assistant> {
  const { settings, place, signal, onChange, onLine } = options;
  const url = 'url' in place ? place.url : `mqtt://${BROKER_HOST}:${place.port}`;
  const workers = options.workers ?? workerSpecs(settings, url);
  const broker = 'port' in place ? [brokerSpec(settings, place.port)] : [];
  const changed = new Set<() => unknown>();
  const tellChanged = () => {
    for (const listener of changed) listener();
  };
  if (onChange) changed.add(onChange);
  const supervisor = createSupervisor({
    children: [...broker, ...workers],
    stopOrder: STOP_ORDER,
    onState: tellChanged,
    ...(onLine && { onLine }),
  });
  try {
    supervisor.start(BROKER);
    const bus = await connectToOwn({ url, settings, supervisor, changed, signal });
    const house = await watchHouse(bus, settings.HEARTH_INSTANCE);
    house.onChange(tellChanged);
    bus.onState(tellChanged);
    supervisor.start();
    return assemble({ url, bus, house, supervisor, changed });
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

interface Parts {
  readonly url: string;
  readonly bus: Bus;
  readonly house: House;
  readonly supervisor: Supervisor;
  readonly changed: Set<() => unknown>;
}

/** Gives up at once when our own broker dies instead of listening. */
async function connectToOwn(parts: {
  readonly url: string;
  readonly settings: CliSettings;
  readonly supervisor: Supervisor;
  readonly changed: Set<() => unknown>;
  readonly signal: AbortSignal;
}): Promise<Bus> {
  const { url, settings, supervisor, changed } = parts;
  const child = supervisor.children.find(({ name }) => name === BROKER);
  const died = new AbortController();
  const check = () => {
    if (!child || !('reason' in child.state)) return;
    died.abort(new UserError('BROKER_FAILED', `The broker cannot start: ${child.state.reason}`));
  };
  changed.add(check);
  try {
    const signal = AbortSignal.any([parts.signal, died.signal]);
    const timeoutMs = child ? { timeoutMs: BROKER_START_MS } : {};
    return await connect({ url, settings, signal, ...timeoutMs });
  } finally {
    changed.delete(check);
  }
}

function assemble({ url, bus, house, supervisor, changed }: Parts): Assistant {
  const { children } = supervisor;
  const rows = () =>
    children.map((child) => serviceRow(child, bus.state, house.services.get(child.name)));
  return {
    url,
    bus,
    rows,
    ready: (options) => waitUntilReady({ children, rows, listeners: changed }, options),
    async stop() {
      await bus.close({ timeoutMs: 1_000 });
      await supervisor.stop();
    },
  };
}
