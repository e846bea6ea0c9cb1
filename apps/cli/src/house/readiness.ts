/** Waits until every service of an assistant works, and says who does not. */
import { UserError } from '@hearth/runtime';
import type { SupervisedChild } from './child.ts';
import type { ServiceRow } from './service-row.ts';
import { waitFor } from '../wait.ts';

export interface ReadyOptions {
  readonly timeoutMs: number;
  /** A process that died this often will not come up by waiting. */
  readonly giveUpAfterDeaths: number;
  readonly signal: AbortSignal;
  /** How long a service that is only degraded may take to get well, once all others work. */
  readonly settleMs?: number;
}

export interface Crew {
  readonly children: readonly SupervisedChild[];
  rows(): readonly ServiceRow[];
  /** Called whenever `rows()` may have changed. */
  readonly listeners: Set<() => unknown>;
}

/** Services that wait for each other's first message are degraded for a moment after the start. */
const SETTLE_MS = 10_000;

/** @throws UserError `NOT_READY` at the deadline; `WORKER_FAILED` when one cannot start */
export async function waitUntilReady(crew: Crew, options: ReadyOptions): Promise<void> {
  const { timeoutMs, giveUpAfterDeaths, signal, settleMs = SETTLE_MS } = options;
  const lost = () => crew.children.find((child) => isLost(child, giveUpAfterDeaths));
  const outcome = await waitFor<'ready' | 'lost'>(
    (settle) => {
      let settling: NodeJS.Timeout | undefined;
      const check = () => {
        const rows = crew.rows();
        if (lost()) settle('lost');
        else if (rows.every(({ state }) => state === 'ready')) settle('ready');
        else if (rows.every(({ ready }) => ready)) {
          settling ??= setTimeout(() => settle('ready'), settleMs);
        } else {
          clearTimeout(settling);
          settling = undefined;
        }
      };
      check();
      crew.listeners.add(check);
      return () => {
        clearTimeout(settling);
        crew.listeners.delete(check);
      };
    },
    { timeoutMs, signal },
  );
  if (outcome === 'ready') return;
  const child = lost();
  throw child ? workerFailed(child) : notReady(crew.rows(), timeoutMs);
}

function isLost({ state, restarts }: SupervisedChild, giveUpAfterDeaths: number): boolean {
  if (state.status === 'waiting') return restarts + 1 >= giveUpAfterDeaths;
  return state.status === 'failed';
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
