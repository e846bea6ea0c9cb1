/** The settings of the command line: those of every service, and a port for the embedded broker. */
import { type BaseSettings, baseSettings, readSettings } from '@hearth/runtime';
import { z } from 'zod';

const cliSettings = z.object({
  HEARTH_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('Port of the embedded broker on 127.0.0.1; 0 takes a free one'),
  HEARTH_MODELS_MIRROR: z
    .url({ protocol: /^https?$/, error: 'must look like http://host:port/folder' })
    .optional()
    .describe('Server that has the models, by the paths they have below HEARTH_MODELS_DIR'),
});

export interface CliSettings extends BaseSettings {
  /** The broker that was asked for; undefined when the embedded one is meant. */
  readonly brokerUrl: string | undefined;
  /** The port that was asked for; undefined when the usual one is meant. */
  readonly port: number | undefined;
  readonly HEARTH_MODELS_MIRROR?: string | undefined;
}

export async function readCliSettings(env: NodeJS.ProcessEnv): Promise<CliSettings> {
  const settings = await readSettings('cli', cliSettings, env);
  const usual = baseSettings.shape.MQTT_URL.parse(undefined);
  const asked = Boolean(env['MQTT_URL']) || settings.MQTT_URL !== usual;
  return {
    ...settings,
    brokerUrl: asked ? settings.MQTT_URL : undefined,
    port: settings.HEARTH_PORT,
  };
}
