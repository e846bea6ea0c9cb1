/** SQLite blocks its thread; the event loop of the service must not notice. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '@hearth/runtime';
import { ALLOWED_GAP_MS, loopGap } from '@hearth/runtime/testing';
import { expect, it } from 'vitest';
import { engineSpec } from './config.ts';
import type { NewEntry, Store } from './engines/store.ts';

// The longest gap of several seconds is at the mercy of other processes: one try of three must be undisturbed.
it('leaves the event loop free while 10,000 entries are stored, searched and forgotten', {
  retry: 2,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-memory-'));
  const spec = engineSpec({
    HEARTH_DATA_DIR: folder,
    MEMORY_ENGINE: 'sqlite',
    MEMORY_MAX_MB: 100,
    MEMORY_RETENTION_DAYS: 0,
    MEMORY_BUSY_TIMEOUT_MS: 1_000,
  });
  const store = await openEngine<Store>(spec);
  try {
    expect(store.offloaded).toBe(true);
    const { gapMs } = await loopGap(async () => {
      for (let at = 0; at < 10_000; at += 500) await store.call('store', batch(at));
      for (let i = 0; i < 100; i++) await store.call('query', { text: `entry${i}`, topK: 5 });
      await store.call('query', { text: 'common entries of this house', topK: 50 });
      expect(await store.call('forget', { all: true })).toEqual({ count: 10_000 });
    });
    expect(gapMs).toBeLessThan(ALLOWED_GAP_MS);
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
});

function batch(from: number): NewEntry[] {
  return Array.from({ length: 500 }, (_, i) => ({
    role: 'user',
    text: `entry${from + i} is one of many common entries of this house`,
    ts: from + i,
  }));
}
