import { defineConfig } from 'vitest/config';

// Tests run from source: Node 24 strips types, so worker threads and child processes load .ts too.
const conditions = ['development', 'node', 'import', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      '{apps,packages}/*/{src,test}/**/*.test.ts',
      '{bench,contracts}/src/**/*.test.ts',
      'tests/**/*.test.ts',
    ],
    passWithNoTests: false,
    pool: 'forks',
    execArgv: ['--conditions=development'],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
