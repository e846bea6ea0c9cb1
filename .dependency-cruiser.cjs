/** Who may import whom. Run by `npm run check`; tests/boundaries.test.ts plants a violation to prove that it bites. */
module.exports = {
  forbidden: [
    {
      name: 'apps-never-import-apps',
      severity: 'error',
      comment: 'Two workers share a contract, never code.',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'contracts-run-nothing',
      severity: 'error',
      comment: 'contracts say WHAT is said: zod and nanoid only.',
      from: { path: '^contracts/src', pathNot: '[.]test[.]ts$' },
      to: { pathNot: '^contracts/|node_modules/(zod|nanoid)/' },
    },
    {
      name: 'core-has-no-io',
      severity: 'error',
      comment: 'core decides, runtime does: core imports contracts and nothing of Node.',
      from: { path: '^packages/core/src', pathNot: '[.]test[.]ts$' },
      to: { pathNot: '^(packages/core|contracts)/' },
    },
    {
      name: 'runtime-knows-no-core',
      severity: 'error',
      from: { path: '^packages/runtime/' },
      to: { path: '^packages/core/' },
    },
    {
      name: 'packages-never-import-apps',
      severity: 'error',
      from: { path: '^(packages|contracts|bench)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'mqtt-stays-in-one-file',
      severity: 'error',
      from: { pathNot: '^packages/runtime/src/bus/mqtt-transport[.]ts$|[.](test|bench)[.]ts$' },
      to: { path: 'node_modules/mqtt/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['development', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
