/** Settings of the tool worker. */
import path from 'node:path';
import { z } from 'zod';

export const settings = z.object({
  HEARTH_MCP_FILE: z
    .string()
    .default('mcp.json')
    .transform((file) => path.resolve(file))
    .describe('MCP servers, in the form {"mcpServers": {...}}; it need not exist'),
  HEARTH_DISCOVERY_PREFIX: z
    .string()
    .regex(/^[^+#\s]+[^/+#\s]$/, 'must be a topic without wildcards, e.g. homeassistant')
    .default('homeassistant')
    .describe('Where devices announce themselves at the broker'),
  HEARTH_TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
    .default(new Intl.DateTimeFormat().resolvedOptions().timeZone)
    .describe('Where the clock on the wall hangs'),
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
