/** Decides for `hearth up` which broker to use: a given one, or our own and on which port. */
import { UserError } from '@hearth/runtime';
import type { Place } from './assistant.ts';
import { connect } from './connect.ts';
import { BROKER_HOST, BROKER_PORT } from '../broker/embedded-broker.ts';
import { healthOf, works } from './house.ts';
import { freePort, type PortUse, usedBy } from './port.ts';
import { readRunFile } from './run-file.ts';
import type { CliSettings } from '../settings.ts';

export interface PlaceOptions {
  readonly settings: CliSettings;
  /** Of `--port`. */
  readonly port: number | undefined;
  /** Nobody else is told the port, so that another one will do when the usual one is taken. */
  readonly anyPortWillDo: boolean;
  /** Where nobody asked for another: 1883. */
  readonly usualPort?: number;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

const RETAINED_MS = 1_000;
const PROBE_MS = 2_000;

/** @throws UserError `ALREADY_RUNNING`, `PORT_TAKEN`, `BROKER_UNREACHABLE` */
export async function choosePlace(options: PlaceOptions): Promise<Place> {
  const { settings, signal, tell } = options;
  await refuseSecond(settings);
  const asked = options.port ?? settings.port;
  if (settings.brokerUrl && options.port === undefined) {
    await refuseTwins(settings.brokerUrl, settings, signal);
    return { url: settings.brokerUrl };
  }
  if (asked === 0) return { port: await freePort() };
  const port = asked ?? options.usualPort ?? BROKER_PORT;
  const use = await usedBy(port, settings);
  if (use === 'free') return { port };
  if (asked !== undefined || !options.anyPortWillDo) throw portTaken(port, use);
  const other = await freePort();
  tell(`Port ${port} is taken by ${NAMES[use]}: the broker of this Hearth takes ${other}.`);
  return { port: other };
}

/** Two assistants on one data folder would write the same files. */
async function refuseSecond(settings: CliSettings): Promise<void> {
  const run = await readRunFile(settings.HEARTH_DATA_DIR);
  if (!run || run.pid === process.pid) return;
  const bus = await connect({ url: run.url, settings, timeoutMs: PROBE_MS }).catch(() => undefined);
  if (!bus) return;
  await bus.close();
  throw new UserError(
    'ALREADY_RUNNING',
    [
      `A Hearth is running already (process ${run.pid}, broker ${run.url}).`,
      'Talk to it: npx hearth ask "what time is it"',
      `Stop it: Ctrl-C where it runs, or: kill ${run.pid}`,
      'Or give this one its own HEARTH_DATA_DIR.',
    ].join('\n'),
  );
}

/** Two routers on one broker would answer everything twice. */
async function refuseTwins(url: string, settings: CliSettings, signal: AbortSignal): Promise<void> {
  const bus = await connect({ url, settings, signal });
  try {
    const router = await healthOf(bus, 'router', { timeoutMs: RETAINED_MS, signal });
    if (!works(router)) return;
  } finally {
    await bus.close();
  }
  throw new UserError(
    'ALREADY_RUNNING',
    [
      `A Hearth is running already on the broker of MQTT_URL (${url}).`,
      'Stop it first, or give this one its own HEARTH_PREFIX.',
    ].join('\n'),
  );
}

const NAMES: Readonly<Record<Exclude<PortUse, 'free'>, string>> = {
  hearth: 'another Hearth',
  mqtt: 'another MQTT broker',
  other: 'another program',
};

function portTaken(port: number, use: Exclude<PortUse, 'free'>): UserError {
  const useIt =
    use === 'mqtt'
      ? [`  use that broker:   MQTT_URL=mqtt://${BROKER_HOST}:${port} npx hearth up`]
      : [];
  const talk = use === 'hearth' ? ['  talk to that one:  npx hearth ask "what time is it"'] : [];
  return new UserError(
    'PORT_TAKEN',
    [
      `Port ${port} of ${BROKER_HOST} is taken by ${NAMES[use]}. What you can do:`,
      ...talk,
      ...useIt,
      '  another port:      npx hearth up --port 1884 (or --port 0 for any free one)',
    ].join('\n'),
  );
}
