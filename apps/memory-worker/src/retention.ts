/** Forgets what was said longer ago than the house wants to keep it. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '@hearth/runtime';
import type { Forgetting } from './engines/store.ts';

const DAY_MS = 86_400_000;
const EVERY_MS = 60 * 60_000;
const TIMEOUT_MS = 60_000;

export interface Retention {
  readonly forget: (what: Forgetting, signal: AbortSignal) => Promise<{ readonly count: number }>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** At once and every hour until the signal; 0 days keep everything. What fails is tried again an hour later. */
export async function keepForDays(days: number, retention: Retention): Promise<void> {
  const { forget, log, signal } = retention;
  if (days === 0) return;
  while (!signal.aborted) {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const before = Date.now() - days * DAY_MS;
      const { count } = await forget({ before, keepFacts: true }, limit);
      if (count > 0) log.info({ count, days }, 'forgot what is older than the house keeps');
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, 'could not forget what is old');
    }
    await wait(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
