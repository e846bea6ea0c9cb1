/** The processes of one assistant: where they are, with what they are started, in which order they end. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '@hearth/runtime';
import type { ChildSpec } from './child.ts';
import type { CliSettings } from '../settings.ts';

/** Name of the service in its health topic, and its folder below `apps/`. In the order in which they start. */
const WORKERS = [
  'stt-worker',
  'tts-worker',
  'memory-worker',
  'tool-worker',
  'llm-worker',
  'router',
] as const;

/** The process of the embedded broker. */
export const BROKER = 'broker';

/** First who gives out work, then who does it; the broker when nobody needs it any more. */
export const STOP_ORDER = [
  ['router'],
  ['llm-worker'],
  ['stt-worker', 'tts-worker'],
  ['memory-worker', 'tool-worker'],
  [BROKER],
] as const;

const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));
/** Run from source, workers are run from source too. */
const FROM_SOURCE = import.meta.url.endsWith('.ts');
export const EXEC_ARGV: readonly string[] = FROM_SOURCE ? ['--conditions=development'] : [];

/**
 * Node lets the space of young objects grow to 16 MB and more per process, and keeps it. For eight processes that mostly
 * wait, that is some 70 MB for nothing.
 */
const SMALL_NURSERY = '--max-semi-space-size=1';

/** @throws UserError `NOT_BUILT` */
export function workerSpecs(settings: CliSettings, url: string): ChildSpec[] {
  return WORKERS.map((name) => ({
    ...processSpec(settings, name, name, ['serve']),
    env: serviceEnv(settings, { MQTT_URL: url }),
  }));
}

export function brokerSpec(settings: CliSettings, port: number): ChildSpec {
  return processSpec(settings, BROKER, 'cli', ['broker', '--port', String(port)]);
}

function processSpec(
  settings: CliSettings,
  name: string,
  app: string,
  args: readonly string[],
): ChildSpec {
  const entry = entryOf(app, name);
  return { name, entry, args, execArgv: [SMALL_NURSERY, ...EXEC_ARGV], env: serviceEnv(settings) };
}

/**
 * The program of an app.
 * @throws UserError `NOT_BUILT`
 */
export function entryOf(app: string, name = app): string {
  const entry = FROM_SOURCE
    ? path.join(REPOSITORY, 'apps', app, 'src', 'main.ts')
    : path.join(REPOSITORY, 'apps', app, 'dist', 'main.js');
  if (existsSync(entry)) return entry;
  throw new UserError(
    'NOT_BUILT',
    `${name} is not built (${entry} is missing). Run: npm run build`,
  );
}

/** Only what is worth a person's attention is shown, unless somebody asked for more. */
function serviceEnv(
  settings: CliSettings,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string | undefined>> {
  return {
    ...process.env,
    LOG_LEVEL:
      process.env['LOG_LEVEL'] || (settings.LOG_LEVEL === 'info' ? 'warn' : settings.LOG_LEVEL),
    HEARTH_DATA_DIR: settings.HEARTH_DATA_DIR,
    // So that each line can be told in plain words.
    LOG_FORMAT: 'json',
    ...more,
  };
}
