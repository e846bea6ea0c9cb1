/** `hearth broker`: the embedded broker, as a process of its own. */
import { createLog } from '@hearth/runtime';
import { BROKER_PORT, startEmbeddedBroker } from '../broker/embedded-broker.ts';
import { aborted } from '../wait.ts';
import type { Invocation } from './common.ts';

/** @returns the exit code */
export async function broker(
  { settings, screen, signal }: Invocation,
  options: { readonly port: number | undefined },
): Promise<number> {
  const port = options.port ?? settings.port ?? BROKER_PORT;
  const log = await createLog({
    name: 'broker',
    level: settings.LOG_LEVEL,
    format: settings.LOG_FORMAT,
  });
  const running = await startEmbeddedBroker({ port, log });
  // Under `hearth up` stdout is read as a log; there the table says what runs.
  if (process.env['HEARTH_SUPERVISED'] !== '1') {
    screen.print(`MQTT broker at ${running.url}, for this machine only. Ctrl-C stops it.`, {
      url: running.url,
      port: running.port,
      pid: process.pid,
    });
  }
  await aborted(signal);
  await running.stop();
  return 0;
}
