/** `mcp.json`: which MCP servers there are, in the form that other programs use too. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const names = z.array(z.string().min(1).max(128)).max(500);

const common = {
  disabled: z.boolean().default(false),
  /** Only these tools; `*` stands for any characters. */
  allow: names.optional(),
  /** Not these tools, even if they are allowed. */
  deny: names.default([]),
  /** The user is asked before each call of these tools; `true` for all of them. */
  confirm: z.union([z.boolean(), names]).default([]),
};

const stdioSchema = z.object({
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  cwd: z.string().optional(),
  ...common,
});
const httpSchema = z.object({
  url: z.url({ protocol: /^https?$/, error: 'must begin with http:// or https://' }),
  headers: z.record(z.string(), z.string()).default({}),
  ...common,
});
export type ServerSpec = z.infer<typeof stdioSchema> | z.infer<typeof httpSchema>;

const fileSchema = z.object({ mcpServers: z.record(z.string(), z.unknown()) });
/** It becomes part of the names of tools. */
const NAME = /^[a-zA-Z0-9_-]{1,32}$/;
const MAX_SERVERS = 50;

export interface McpFile {
  readonly servers: ReadonlyMap<string, ServerSpec>;
  /** What is wrong with the rest, one plain line each. */
  readonly problems: readonly string[];
}

/** A mistake in one server does not keep the others from running. A file that is not there is no mistake. */
export async function readMcpFile(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<McpFile> {
  const nothing = new Map<string, ServerSpec>();
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === 'ENOENT') return { servers: nothing, problems: [] };
    const why = code === undefined ? 'is not JSON' : `cannot be read (${code})`;
    return { servers: nothing, problems: [`${file} ${why}`] };
  }
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    return { servers: nothing, problems: [`${file} has no object "mcpServers"`] };
  }
  const servers = new Map<string, ServerSpec>();
  const problems: string[] = [];
  for (const [name, entry] of Object.entries(parsed.data.mcpServers)) {
    const spec = readServer(name, entry, env);
    if (typeof spec === 'string') problems.push(`${file}, ${name}: ${spec}`);
    else if (servers.size >= MAX_SERVERS)
      problems.push(`${file}, ${name}: more than ${MAX_SERVERS} servers`);
    else if (!spec.disabled) servers.set(name, spec);
  }
  return { servers, problems };
}

function readServer(
  name: string,
  entry: unknown,
  env: Readonly<Record<string, string | undefined>>,
): ServerSpec | string {
  if (!NAME.test(name)) return 'a name is 1 to 32 letters, digits, dashes and underscores';
  if (typeof entry !== 'object' || entry === null) return 'is not an object';
  if (!('command' in entry) && !('url' in entry)) return 'needs a "command" or a "url"';
  const schema = 'command' in entry ? stdioSchema : httpSchema;
  const parsed = schema.safeParse(entry);
  if (!parsed.success) {
    return parsed.error.issues
      .map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`)
      .join('; ');
  }
  const missing = new Set<string>();
  const fill = (text: string) =>
    text.replaceAll(/\$\{(\w+)\}/g, (_, variable: string) => {
      const value = env[variable];
      if (value === undefined) missing.add(variable);
      return value ?? '';
    });
  const fillAll = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fill(value)]));
  const spec = parsed.data;
  const filled =
    'command' in spec
      ? { ...spec, args: spec.args.map(fill), env: fillAll(spec.env) }
      : { ...spec, headers: fillAll(spec.headers) };
  if (missing.size === 0) return filled;
  return `the environment has no ${[...missing].join(', ')}`;
}
