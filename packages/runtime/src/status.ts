/** Asks the broker how a service is: what `status` on the command line and a container's health check want to know. */
import { createId, type Health, health } from '@hearth/contracts';
import { createBus } from './bus/bus.ts';
import { connectMqtt } from './bus/mqtt-transport.ts';
import type { BaseSettings } from './config.ts';
import type { Log } from './log.ts';
import { UserError } from './user-error.ts';

/** A retained message comes at once; this is for connecting. */
const LIMIT_MS = 5_000;
/** Three times the pause between reports: after that the broker only remembers what is no longer true. */
const OLD_MS = 30_000;

function isRecent(report: { readonly ts: number } | undefined): boolean {
  return report !== undefined && report.ts > Date.now() - OLD_MS;
}

/** @throws UserError `NO_STATUS` when no report comes within 5 s */
export async function readStatus(
  service: string,
  settings: BaseSettings,
  log: Log,
): Promise<Health> {
  const bus = createBus({
    transport: connectMqtt({
      url: settings.MQTT_URL,
      clientId: `hearth-status-${createId()}`,
      username: settings.MQTT_USERNAME,
      password: settings.MQTT_PASSWORD,
      prefix: settings.HEARTH_PREFIX,
      log,
    }),
    source: 'status',
    prefix: settings.HEARTH_PREFIX,
    log,
  });
  try {
    const reports = await bus.messages(health, { signal: AbortSignal.timeout(LIMIT_MS) });
    for await (const { data, instance, envelope } of reports) {
      if (instance?.service !== service || instance.instance !== settings.HEARTH_INSTANCE) continue;
      if (data.state === 'offline' || data.state === 'stopping' || isRecent(envelope)) return data;
    }
  } finally {
    await bus.close();
  }
  const why = bus.state.reason ? ` (${bus.state.reason})` : '';
  throw new UserError(
    'NO_STATUS',
    `${service} (${settings.HEARTH_INSTANCE}) has reported nothing of late at the broker${why}. Is it running?`,
  );
}
