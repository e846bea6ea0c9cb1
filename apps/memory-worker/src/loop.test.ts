/** SQLite blocks its thread; the event loop of the service must not notice. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '@hearth/runtime';
import { ALLOWED_GAP_MS, loopGap } from '@hearth/runtime/testing';
import { expect, it } from 'vitest';
import { engineSpec } from './config.ts';
import type { NewEntry, Store } from './engines/store.ts';

it('leaves the event loop free while 10,000 entries are stored, searched and forgotten', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-memory-'));
  const spec = engineSpec({
    HEARTH_DATA_DIR: folder,
    MEMORY_ENGINE: 'sqlite',
    MEMORY_MAX_MB: 100,
    MEMORY_BUSY_TIMEOUT_MS: 1_000,
  });
  const store = await openEngine<Store>(spec);
  try {
    expect(store.offloaded).toBe(true);
    const { gapMs } = await loopGap(async () => {
      for (let at = 0; at < 10_000; at += 100) await store.call('store', batch(at));
      for (let i = 0; i < 200; i++)
        await store.call('query', { text: `entry${i} common`, topK: 5 });
      expect(await store.call('forget', { all: true })).toEqual({ count: 10_000 });
    });
    expect(gapMs).toBeLessThan(ALLOWED_GAP_MS);
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
});

function batch(from: number): NewEntry[] {
  return Array.from({ length: 100 }, (_, i) => ({
    role: 'user',
    text: `entry${from + i} is one of many common entries of this house`,
    ts: from + i,
  }));
}
