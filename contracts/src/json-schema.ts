/** JSON Schemas of every topic, for clients in other languages. The file `contracts/hearth.schema.json` is this, written out. */
import { z } from 'zod';
import { envelopeSchema } from './envelope.ts';
import { allTopics } from './surface.ts';

/** Draft 2020-12: `envelope`, and for each topic its delivery and the schema of its `data` (or frame header, or text). */
export function jsonSchemas() {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    envelope: z.toJSONSchema(envelopeSchema),
    topics: Object.fromEntries(
      allTopics.map(({ name, schema, ...delivery }) => [
        name,
        { ...delivery, schema: z.toJSONSchema(schema, { io: 'input' }) },
      ]),
    ),
  };
}
