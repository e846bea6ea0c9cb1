/** What `hearth-tools` does for a person: shows and calls the tools of the running service. */
import { callTool, createId, toolsRegistry } from '@hearth/contracts';
import {
  type BaseSettings,
  type Bus,
  type CommandSpec,
  connectMqtt,
  createBus,
  type Log,
  RuntimeError,
  UserError,
} from '@hearth/runtime';
import { z } from 'zod';
import type { settings } from './config.ts';

type Settings = z.infer<typeof settings>;

/** A retained message comes at once; this is for connecting. */
const LIMIT_MS = 5_000;

export const listCommand: CommandSpec<Settings> = {
  name: 'list',
  args: '',
  about: 'lists the tools and devices that the running service knows',
  async run({ settings, log, print }) {
    const registry = await withBus(settings, log, async (bus) => {
      const signal = AbortSignal.timeout(LIMIT_MS);
      for await (const { data } of await bus.messages(toolsRegistry, { signal })) return data;
      throw notRunning(bus);
    });
    const tools = registry.tools.map(({ name, description, confirm }) => {
      const [first = ''] = description.split('\n');
      return `${name.padEnd(36)} ${confirm === true ? '(asks first) ' : ''}${first}`;
    });
    const devices = (registry.devices ?? []).map(
      ({ name, kind, area }) =>
        `${name.padEnd(36)} ${kind}${area === undefined ? '' : `, ${area}`}`,
    );
    print(['Tools:', ...tools, '', 'Devices:', ...devices].join('\n'), registry);
  },
};

export const callCommand: CommandSpec<Settings> = {
  name: 'call',
  args: '<name> [json]',
  about: 'calls a tool of the running service, e.g. call calculate \'{"sum":"2+3"}\'',
  options: [{ flags: '--confirmed', about: 'agrees where the tool asks first' }],
  async run({ settings, args, options, log, signal, print }) {
    const [name = '', json = '{}'] = args;
    const given = readArguments(json);
    const confirmed = options['confirmed'] === true;
    await withBus(settings, log, async (bus) => {
      const request = { name, arguments: given, confirmed };
      const { data } = await bus.call(callTool, request, { signal }).catch((error: unknown) => {
        if (!(error instanceof RuntimeError)) throw error;
        if (error.code === 'TIMEOUT') throw notRunning(bus);
        throw new UserError(error.remoteCode ?? error.code, error.message, { cause: error });
      });
      print(data.content, data);
      if (data.isError) process.exitCode = 1;
    });
  },
};

function readArguments(json: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(json));
  } catch (error) {
    throw new UserError('BAD_ARGUMENTS', 'The arguments must be one JSON object.', {
      cause: error,
    });
  }
}

function notRunning(bus: Bus): UserError {
  const why = bus.state.reason === undefined ? '' : ` (${bus.state.reason})`;
  return new UserError('NOT_RUNNING', `No tool-worker answers at the broker${why}. Is it running?`);
}

async function withBus<T>(
  { MQTT_URL, MQTT_USERNAME, MQTT_PASSWORD, HEARTH_PREFIX: prefix }: BaseSettings,
  log: Log,
  work: (bus: Bus) => Promise<T>,
): Promise<T> {
  const transport = connectMqtt({
    url: MQTT_URL,
    clientId: `hearth-tools-${createId()}`,
    username: MQTT_USERNAME,
    password: MQTT_PASSWORD,
    prefix,
    log,
  });
  const bus = createBus({ transport, source: 'hearth-tools', prefix, log });
  try {
    return await work(bus);
  } finally {
    await bus.close();
  }
}
