#!/usr/bin/env node
// In plain old JavaScript: this much must run on any Node, to say that it is too old for the rest.
const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  console.error(
    `Hearth needs Node 24; this is ${process.versions.node}. From its folder, npx brings its own.`,
  );
  process.exit(1);
}
await import('../dist/main.js');
