import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { jsonSchemas } from './json-schema.ts';

it('writes down what every topic carries, and the file for other languages says the same', async () => {
  await expect(`${JSON.stringify(jsonSchemas(), null, 2)}\n`).toMatchFileSnapshot(
    '../hearth.schema.json',
  );
  const written: unknown = JSON.parse(
    await readFile(new URL('../hearth.schema.json', import.meta.url), 'utf8'),
  );
  expect(written).toHaveProperty(['topics', 'memory/query', 'schema', 'properties', 'topK']);
});
