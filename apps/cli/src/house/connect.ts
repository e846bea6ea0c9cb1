/** Connects to a broker and says plainly when that does not work. */
import { randomBytes } from 'node:crypto';
import { type Bus, connectMqtt, createBus, createLog, UserError } from '@hearth/runtime';
import type { CliSettings } from '../settings.ts';
import { waitFor } from '../wait.ts';

const CONNECT_MS = 5_000;

export interface ConnectOptions {
  readonly url: string;
  readonly settings: CliSettings;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** @throws UserError `BROKER_UNREACHABLE` */
export async function connect(options: ConnectOptions): Promise<Bus> {
  const { url, settings, timeoutMs = CONNECT_MS, signal } = options;
  // The person at the keyboard is told by this program, not by the bus; LOG_LEVEL brings the bus back.
  const level = process.env['LOG_LEVEL'] ? settings.LOG_LEVEL : 'silent';
  const log = await createLog({ name: 'cli', level, format: settings.LOG_FORMAT });
  const transport = connectMqtt({
    url,
    clientId: `hearth-cli-${randomBytes(6).toString('hex')}`,
    username: settings.MQTT_USERNAME,
    password: settings.MQTT_PASSWORD,
    log,
  });
  const bus = createBus({ transport, source: 'cli', prefix: settings.HEARTH_PREFIX, log });
  try {
    const ready = await waitFor<true>(
      (settle) => {
        const check = () => bus.state.status === 'ready' && settle(true);
        check();
        return bus.onState(check);
      },
      { timeoutMs, signal },
    );
    if (!ready) throw unreachable(url, bus.state.reason);
    return bus;
  } catch (error) {
    await bus.close({ timeoutMs: 500 });
    throw error;
  }
}

function unreachable(url: string, reason: string | undefined): UserError {
  const why = reason ?? 'Is it running, and is MQTT_URL right?';
  return new UserError(
    'BROKER_UNREACHABLE',
    `The broker at ${withoutPassword(url)} cannot be reached: ${why}`,
  );
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
