/** A bulb for tests: it announces itself at a real broker and obeys on its topics, as zigbee2mqtt would do it for one. */
import { connectMqtt, type Transport } from '@hearth/runtime';

export interface Lamp {
  readonly commands: readonly object[];
  unplug(): Promise<void>;
}

/** @param name with underscores, as zigbee2mqtt has it */
export async function plugIn(name: string, url: string): Promise<Lamp> {
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const transport: Transport = connectMqtt({ url, clientId: `lamp-${name}`, log });
  const topic = `zigbee2mqtt/${name}`;
  const commands: object[] = [];
  const say = (to: string, payload: object) =>
    transport.publish(
      { topic: to, payload: Buffer.from(JSON.stringify(payload)), qos: 1, retain: true },
      { timeoutMs: 5_000 },
    );
  await transport.subscribe(`${topic}/set`, 1, ({ payload }) => {
    const command: object = JSON.parse(Buffer.from(payload).toString('utf8'));
    commands.push(command);
    void say(topic, command);
  });
  await say(`homeassistant/light/${name}/light/config`, {
    brightness: true,
    brightness_scale: 254,
    command_topic: `${topic}/set`,
    device: { identifiers: [name], name },
    name: null,
    schema: 'json',
    state_topic: topic,
    unique_id: `${name}_light`,
  });
  return { commands, unplug: () => transport.close(1_000) };
}
