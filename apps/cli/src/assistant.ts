/** A whole assistant, brought up here: broker where none is given, workers, and their state. */
import { type Bus, UserError } from '@hearth/runtime';
import type { ChildSpec, SupervisedChild } from './child.ts';
import { connect } from './connect.ts';
import { BROKER_HOST } from './embedded-broker.ts';
import { type House, watchHouse, works } from './house.ts';
import type { CliSettings } from './settings.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { waitFor } from './wait.ts';
import { BROKER, brokerSpec, STOP_ORDER, workerSpecs } from './workers.ts';

export interface ServiceRow {
  readonly name: string;
  /** One word: how it is. */
  readonly state: string;
  readonly ready: boolean;
  readonly pid?: number;
  readonly restarts: number;
  /** Why it is so. */
  readonly reason?: string;
}

export interface Assistant {
  readonly url: string;
  readonly bus: Bus;
  rows(): ServiceRow[];
  /**
   * Resolves when every service works.
   *
   * @throws UserError `NOT_READY` at the deadline; `WORKER_FAILED` when one cannot start
   */
  ready(options: ReadyOptions): Promise<void>;
  /** Ends everything in order. */
  stop(): Promise<void>;
}

interface ReadyOptions {
  readonly timeoutMs: number;
  /** A process that died this often will not come up by waiting. */
  readonly giveUpAfterDeaths: number;
  readonly signal: AbortSignal;
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
  readonly onLine?: (name: string, line: string) => void;
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
  const rows = () => supervisor.children.map((child) => rowOf(child, { house, bus }));
  return {
    url,
    bus,
    rows,
    async ready({ timeoutMs, giveUpAfterDeaths, signal }) {
      const failure = () =>
        supervisor.children.find(
          ({ state, restarts }) =>
            state.status === 'failed' ||
            (state.status === 'waiting' && restarts + 1 >= giveUpAfterDeaths),
        );
      const outcome = await waitFor<'ready' | 'failed'>(
        (settle) => {
          const check = () => {
            if (failure()) settle('failed');
            else if (rows().every(({ ready }) => ready)) settle('ready');
          };
          check();
          changed.add(check);
          return () => changed.delete(check);
        },
        { timeoutMs, signal },
      );
      if (outcome === 'ready') return;
      const failed = failure();
      throw failed ? workerFailed(failed) : notReady(rows(), timeoutMs);
    },
    async stop() {
      await bus.close({ timeoutMs: 1_000 });
      await supervisor.stop();
    },
  };
}

function rowOf(child: SupervisedChild, { house, bus }: Pick<Parts, 'house' | 'bus'>): ServiceRow {
  const { name, state, restarts } = child;
  switch (state.status) {
    case 'waiting':
      return { name, state: 'restarting', ready: false, restarts, reason: state.reason };
    case 'failed':
      return { name, state: 'failed', ready: false, restarts, reason: state.reason };
    case 'stopping':
    case 'stopped':
      return { name, state: state.status, ready: false, restarts };
    case 'running':
      break;
  }
  const { pid } = state;
  if (name === BROKER) {
    // At the end we leave the bus before the broker stops.
    const ready = bus.state.status === 'ready' || bus.state.status === 'closed';
    return { name, state: ready ? 'ready' : 'starting', ready, pid, restarts };
  }
  const health = house.services.get(name);
  // A retained message of an earlier process says nothing about this one.
  if (health?.pid !== pid) return { name, state: 'starting', ready: false, pid, restarts };
  const reason = health.reason === undefined ? {} : { reason: health.reason };
  return { name, state: health.state, ready: works(health), pid, restarts, ...reason };
}

function workerFailed({ name, state }: SupervisedChild): UserError {
  const reason = 'reason' in state ? state.reason : state.status;
  return new UserError('WORKER_FAILED', `${name} cannot start: ${reason}`);
}

function notReady(rows: readonly ServiceRow[], timeoutMs: number): UserError {
  const missing = rows.filter(({ ready }) => !ready);
  const list = missing.map(({ name, state, reason }) => `${name} ${reason ?? state}`).join('; ');
  return new UserError('NOT_READY', `Not ready after ${Math.round(timeoutMs / 1_000)} s: ${list}`);
}
