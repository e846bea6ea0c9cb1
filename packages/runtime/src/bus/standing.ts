/** How we stand with the broker: the state that others see, and one log line per change instead of one per retry. */
import type { BusLog } from './bus-log.ts';
import type { BusState } from './transport.ts';

export interface Standing {
  readonly state: BusState;
  onState(listener: (state: BusState) => void): () => void;
  offline(reason: string): void;
  /** `calm` false: it will probably be lost again at once, so the log waits for `steady`. */
  ready(about: string, calm: boolean): void;
  /** The connection has held for a while: the next failure is told even if it is the last one again. */
  steady(about: string): void;
  /** Something is missing although there is a connection, e.g. a denied subscription. */
  lacks(what: string, reason: string): void;
  has(what: string): void;
  close(): void;
}

export function createStanding(log: BusLog): Standing {
  const listeners = new Set<(state: BusState) => void>();
  const missing = new Map<string, string>();
  let state: BusState = { status: 'connecting' };
  let told: string | undefined;
  let connectedTold = false;

  function enter(next: BusState): void {
    const { status, reason } = state;
    if (status === 'closed' || (next.status === status && next.reason === reason)) return;
    state = next;
    for (const listener of listeners) {
      try {
        listener(next);
      } catch {
        log.error('a listener of the bus state failed');
      }
    }
  }

  function firstMissing(): string | undefined {
    for (const reason of missing.values()) return reason;
    return undefined;
  }

  function tellConnected(about: string): void {
    if (!connectedTold) log.info(about);
    connectedTold = true;
  }

  return {
    get state() {
      return state;
    },
    onState(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    offline(reason) {
      if (reason !== told) {
        log.warn(reason);
        connectedTold = false;
      }
      told = reason;
      enter({ status: 'offline', reason });
    },
    ready(about, calm) {
      if (calm) tellConnected(about);
      enter({ status: 'ready', reason: firstMissing() });
    },
    steady(about) {
      tellConnected(about);
      told = undefined;
    },
    lacks(what, reason) {
      if (missing.has(what)) return;
      missing.set(what, reason);
      log.warn(reason);
      if (state.status === 'ready') enter({ status: 'ready', reason: firstMissing() });
    },
    has(what) {
      if (!missing.delete(what)) return;
      if (state.status === 'ready') enter({ status: 'ready', reason: firstMissing() });
    },
    close() {
      enter({ status: 'closed' });
      listeners.clear();
    },
  };
}
