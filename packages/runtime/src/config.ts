/** Settings: environment first, then `hearth.yaml`, then defaults. Everything that is wrong is told at once. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { EXIT_CONFIG, UserError } from './user-error.ts';

type Values = Readonly<Record<string, unknown>>;
type Env = Readonly<Record<string, string | undefined>>;

function folder(initial: string) {
  return z
    .string()
    .default(initial)
    .transform((name) => path.resolve(name));
}

/** Settings that every service has. */
export const baseSettings = z.object({
  MQTT_URL: z
    .url({ protocol: /^mqtts?$/, error: 'must look like mqtt://host:1883 or mqtts://host:8883' })
    .default('mqtt://127.0.0.1:1883')
    .describe('The broker'),
  MQTT_USERNAME: z.string().optional().describe('User name at the broker'),
  MQTT_PASSWORD: z.string().optional().describe('Password at the broker'),
  HEARTH_PREFIX: z
    .string()
    .regex(/^[^+#\s]+[^/+#\s]$/, 'must be a topic without wildcards, e.g. hearth')
    .default('hearth')
    .describe('What every topic begins with'),
  HEARTH_INSTANCE: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'may hold letters, digits, dot, dash and underscore')
    .default('main')
    .describe('Name of this process when several of one service run'),
  HEARTH_DATA_DIR: folder('./data').describe('Folder for what is kept'),
  HEARTH_ENGINES_DIR: folder('./data/engines').describe(
    'Folder for the engines of `hearth engines add`; in HEARTH_DATA_DIR unless set',
  ),
  HEARTH_MODELS_DIR: folder('./data/models').describe(
    'Folder for the models of `hearth models pull`; in HEARTH_DATA_DIR unless set',
  ),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('How much is logged'),
  LOG_FORMAT: z
    .enum(['pretty', 'json'])
    .default(process.stderr.isTTY ? 'pretty' : 'json')
    .describe('Logs for people or for machines'),
});

export type BaseSettings = z.infer<typeof baseSettings>;

/**
 * @param service its section in `hearth.yaml` is read besides the common values at the top
 * @throws UserError `BAD_SETTINGS`, exit code 78, with one line per wrong setting
 */
export async function readSettings<Shape extends z.ZodRawShape>(
  service: string,
  own: z.ZodObject<Shape>,
  env: Env,
): Promise<z.infer<z.ZodObject<Shape>> & BaseSettings> {
  const schema = z.object({ ...baseSettings.shape, ...own.shape });
  const file = await readSettingsFile(service, Object.keys(schema.shape), env);
  const values = withFolders({ ...file, ...withoutEmpty(env, Object.keys(schema.shape)) });
  const base = baseSettings.safeParse(values);
  const mine = own.safeParse(values);
  if (base.success && mine.success) return { ...base.data, ...mine.data };
  const issues = [...(base.error?.issues ?? []), ...(mine.error?.issues ?? [])];
  throw badSettings(issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`));
}

/** Engines and models are in the data folder, unless they have a folder of their own. */
function withFolders(values: Values): Values {
  const data = values['HEARTH_DATA_DIR'];
  if (typeof data !== 'string') return values;
  return {
    HEARTH_ENGINES_DIR: path.join(data, 'engines'),
    HEARTH_MODELS_DIR: path.join(data, 'models'),
    ...values,
  };
}

/** Docker compose passes unset variables as empty text; that means "not set". */
function withoutEmpty(env: Env, names: readonly string[]): Values {
  return Object.fromEntries(
    names.flatMap((name) => (env[name] ? [[name, env[name]] as const] : [])),
  );
}

const fileSchema = z.record(
  z.string(),
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  ]),
);

/** `./hearth.yaml`, or the file that HEARTH_CONFIG names; only the latter must exist. */
async function readSettingsFile(
  service: string,
  known: readonly string[],
  env: Env,
): Promise<Values> {
  const name = env['HEARTH_CONFIG'] || 'hearth.yaml';
  const text = await readFile(name, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && !env['HEARTH_CONFIG']) return '';
    throw badSettings([`${name}: cannot be read (${error.code})`]);
  });
  const content = fileSchema.safeParse(parseFile(name, text) ?? {});
  if (!content.success) throw badSettings([`${name}: ${z.prettifyError(content.error)}`]);
  const common = Object.entries(content.data).filter(([, value]) => typeof value !== 'object');
  const section = Object.entries(content.data).find(([key]) => key === service)?.[1] ?? {};
  const mine = typeof section === 'object' ? section : {};
  const unknown = Object.keys(mine).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw badSettings(unknown.map((key) => `${key}: no such setting (${name}, ${service})`));
  }
  return asText({ ...Object.fromEntries(common), ...mine });
}

function parseFile(name: string, text: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    throw badSettings([`${name}: ${error instanceof Error ? error.message : 'is not YAML'}`]);
  }
}

/** As the environment would give them, so that one schema reads both. */
function asText(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
}

function badSettings(lines: readonly string[]): UserError {
  const message = ['These settings are wrong:', ...lines.map((line) => `  ${line}`)].join('\n');
  return new UserError('BAD_SETTINGS', message, { exitCode: EXIT_CONFIG });
}
