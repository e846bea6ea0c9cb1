/** Settings of the memory worker. */
import path from 'node:path';
import type { EngineSpec } from '@hearth/runtime';
import { siblingModule } from '@hearth/runtime';
import { z } from 'zod';
import type { FileOptions } from './engines/sqlite-file.ts';

export const settings = z.object({
  MEMORY_ENGINE: z.enum(['sqlite']).default('sqlite').describe('Where memories are kept'),
  MEMORY_MAX_MB: z.coerce
    .number()
    .min(1)
    .max(1_000_000)
    .default(1_000)
    .describe('The memory never grows beyond this, megabytes'),
  MEMORY_RETENTION_DAYS: z.coerce
    .number()
    .min(0)
    .max(100_000)
    .default(0)
    .describe('What was said is forgotten after so many days, facts are not; 0 keeps everything'),
  MEMORY_BUSY_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(3_000)
    .describe('How long to wait for another process that is writing, milliseconds'),
});

export type Settings = z.infer<typeof settings> & { readonly HEARTH_DATA_DIR: string };

function fileOptions(settings: Settings): FileOptions {
  return {
    path: path.join(settings.HEARTH_DATA_DIR, 'memory.sqlite'),
    maxMb: settings.MEMORY_MAX_MB,
    busyTimeoutMs: settings.MEMORY_BUSY_TIMEOUT_MS,
  };
}

export function engineSpec(settings: Settings): EngineSpec {
  return {
    name: settings.MEMORY_ENGINE,
    module: siblingModule(import.meta.url, `./engines/${settings.MEMORY_ENGINE}`),
    options: fileOptions(settings),
    methods: ['store', 'query', 'forget', 'export', 'count'],
  };
}
