/** The memory worker on the bus: keeps what was said, answers questions about it, forgets it. */
import { forgetMemory, recall, storeMemory } from '@hearth/contracts';
import { type InboxOptions, keepEngine, type ServiceSpec } from '@hearth/runtime';
import { withinBudget } from './budget.ts';
import { engineSpec, settings } from './config.ts';
import type { Store } from './engines/store.ts';
import { storeError } from './errors.ts';
import { keepForDays } from './retention.ts';

/** The engine takes one call at a time; a few at hand keep it busy, the others wait their turn here. */
const INBOX: InboxOptions = { concurrency: 32, limit: 2_000, overflow: 'reject' };

export const memoryService: ServiceSpec<typeof settings.shape> = {
  name: 'memory-worker',
  settings,
  async start({ bus, settings, log, health }) {
    // Not the service's own signal: when it is told to stop, what has begun is still finished.
    const { signal } = new AbortController();
    const engine = keepEngine<Store>(engineSpec(settings), { health, log, signal });

    /** Why reading or writing fails is said in health until it works again. */
    async function attempt<T>(method: 'store' | 'query' | 'forget', work: Promise<T>): Promise<T> {
      try {
        const result = await work;
        health.ok(method);
        return result;
      } catch (error) {
        const known = storeError(error);
        if (known) health.degraded(method, known.message);
        throw known ?? error;
      }
    }

    await bus.serve(
      storeMemory,
      async ({ data, context: { siteId, turnId } }, signal) => {
        const entries = data.entries.map((entry) => ({ ...entry, siteId, turnId }));
        const ids = await attempt('store', engine.call('store', entries, { signal }));
        return { data: { ids } };
      },
      INBOX,
    );
    await bus.serve(
      recall,
      async ({ data: { maxTokens, ...question } }, signal) => {
        const passages = await attempt('query', engine.call('query', question, { signal }));
        return { data: maxTokens === undefined ? { passages } : withinBudget(passages, maxTokens) };
      },
      INBOX,
    );
    await bus.serve(
      forgetMemory,
      async ({ data }, signal) => {
        return { data: await attempt('forget', engine.call('forget', data, { signal })) };
      },
      INBOX,
    );
    const retention = new AbortController();
    const kept = keepForDays(settings.MEMORY_RETENTION_DAYS, {
      forget: (what, signal) => attempt('forget', engine.call('forget', what, { signal })),
      log,
      signal: retention.signal,
    });
    return {
      async close() {
        retention.abort();
        await kept;
        await engine.close();
      },
    };
  },
};
