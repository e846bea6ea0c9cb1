/** Tools: what the assistant can do besides talking, and the devices of the home that some of it is about. */
import { z } from 'zod';
import { defineCall, defineTopic } from './topic.ts';

/** What language models accept as the name of a function. */
const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);

const toolCall = defineTopic(
  'tool/call',
  z.strictObject({
    name: toolName,
    arguments: z.record(z.string(), z.unknown()),
    /** The user has agreed to this very call; needed where the tool asks for it. */
    confirmed: z.boolean().optional(),
  }),
  { about: 'A tool to be used' },
);

const toolResult = defineTopic(
  'tool/result',
  z.strictObject({
    /** For the model, or for the user where no model is asked. Says what went wrong when `isError`. */
    content: z.string().max(64_000),
    /** The tool was reached and says that it failed. A tool that was not reached is an error reply. */
    isError: z.boolean(),
    /** Nothing was done: this is to be asked first, then the call sent again with `confirmed`. */
    needsConfirmation: z.string().max(500).optional(),
    /** The same in a form for programs, where the tool gives one. */
    data: z.unknown().optional(),
  }),
  { about: 'Reply to tool/call' },
);

/** A tool may ask a slow server on the internet, hence the long deadline. */
export const callTool = defineCall({ request: toolCall, reply: toolResult, timeoutMs: 30_000 });

const toolSchema = z.strictObject({
  /** Unique in the house; a tool of an MCP server is `<server>__<tool>`. */
  name: toolName,
  description: z.string().max(4_000),
  /** JSON Schema of the arguments, an object. */
  schema: z.record(z.string(), z.unknown()),
  /** Who offers it: `hearth`, or the name of an MCP server. */
  server: z.string().min(1).max(64),
  /** True when the user must agree to each call. */
  confirm: z.boolean().optional(),
});

const deviceSchema = z.strictObject({
  id: z.string().min(1).max(128),
  /** As people say it, e.g. `living room light`. */
  name: z.string().min(1).max(100),
  /** Room, where it is known, e.g. `living room`. */
  area: z.string().min(1).max(100).optional(),
  kind: z.enum([
    'light',
    'switch',
    'cover',
    'climate',
    'sensor',
    'binary_sensor',
    'lock',
    'fan',
    'scene',
  ]),
  /** What it can do or tell, e.g. `onoff`, `brightness`, `position`, `temperature`; for a sensor its device class. */
  capabilities: z.array(z.string().min(1).max(64)).max(32),
});

const registrySchema = z.strictObject({
  tools: z.array(toolSchema).max(500),
  /** Devices that the tools `devices_get` and `devices_set` know. Their state is not here: ask. */
  devices: z.array(deviceSchema).max(1_000).optional(),
});
export type ToolsRegistry = z.infer<typeof registrySchema>;

export const toolsRegistry = defineTopic('tools/registry', registrySchema, {
  about: 'The tools that can be used, and the devices of the home',
  retain: true,
});
