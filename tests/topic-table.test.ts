import { readFile } from 'node:fs/promises';
import { allCalls, allTopics } from '@hearth/contracts';
import { expect, it } from 'vitest';

// Tables may be laid out in columns.
const page = (await readFile(new URL('../ARCHITECTURE.md', import.meta.url), 'utf8')).replaceAll(
  / +/g,
  ' ',
);

it('lists every topic of the code in ARCHITECTURE.md, in its order, and no other', () => {
  const section = page.split('<!-- /topics -->')[0]?.split('<!-- topics')[1] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(
    allTopics.map(
      ({ name, scope, format, qos, retain, about }) =>
        `| \`${name}\` | ${scope} | ${format} | ${qos} | ${retain ? 'yes' : 'no'} | ${about} |`,
    ),
  );
});

it('lists every call with its deadline in ARCHITECTURE.md', () => {
  for (const [name, { request, reply, timeoutMs }] of Object.entries(allCalls)) {
    expect(page).toContain(
      `| \`${name}\` | \`${request.name}\` | \`${reply.name}\` | ${timeoutMs / 1_000} s |`,
    );
  }
});
