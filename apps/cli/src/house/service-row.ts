/** How one process of the assistant is: what the supervisor knows of it and what it says itself. */
import type { Health } from '@hearth/contracts';
import type { BusState } from '@hearth/runtime';
import type { SupervisedChild } from './child.ts';
import { works } from './house.ts';
import { BROKER } from './workers.ts';

export interface ServiceRow {
  readonly name: string;
  /** One word: how it is. */
  readonly state: string;
  /** It works, all or in part. */
  readonly ready: boolean;
  readonly pid?: number;
  readonly restarts: number;
  /** Why it is so. */
  readonly reason?: string;
}

/**
 * @param bus our own connection to the broker
 * @param health the last that was heard of a service of this name
 */
export function serviceRow(
  { name, state, restarts }: SupervisedChild,
  bus: BusState,
  health: Health | undefined,
): ServiceRow {
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
    const ready = bus.status === 'ready' || bus.status === 'closed';
    return { name, state: ready ? 'ready' : 'starting', ready, pid, restarts };
  }
  // A retained message of an earlier process says nothing about this one.
  if (health?.pid !== pid) return { name, state: 'starting', ready: false, pid, restarts };
  const reason = health.reason === undefined ? {} : { reason: health.reason };
  return { name, state: health.state, ready: works(health), pid, restarts, ...reason };
}
