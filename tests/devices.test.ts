/** From words to a device that announced itself: nothing is configured, every part is a process of its own. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { intentsRegistry, textIn, textOut } from '@hearth/contracts';
import { connectMqtt, type Transport } from '@hearth/runtime';
import { collect } from '@hearth/runtime/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse, WORKERS } from './house.ts';

const recording = path.resolve(
  fileURLToPath(new URL('..', import.meta.url)),
  process.env['HEARTH_TEST_DATA'] ?? '../shared/data',
  'speech/living_room_light_en.wav',
);
const noRecording = !existsSync(recording) && `no ${recording}: set HEARTH_TEST_DATA`;

let house: House;
let lamp: Lamp;
beforeAll(async () => {
  house = await openHouse();
  lamp = await plugIn('living_room_light', house.url);
  const env = { HEARTH_MCP_FILE: path.join(house.folder, 'mcp.json') };
  await Promise.all(WORKERS.map((worker) => house.start(worker, env)));
  const grammars = await collect(house.bus, intentsRegistry);
  await grammars.until(({ data }) => data.lists['devices']?.includes('living room light') ?? false);
});
afterAll(async () => {
  await lamp.unplug();
  await house.stop();
});

async function ask(text: string, siteId: string): Promise<string> {
  const answers = await collect(house.bus, textOut);
  await house.bus.publish(textIn, text, { siteId });
  return (await answers.until(({ context }) => context.siteId === siteId)).data;
}

describe('a lamp that announced itself', () => {
  it('is switched and dimmed by typed words', async () => {
    expect(await ask('turn on the living room light', 'desk')).toBe('The living room light is on.');
    expect(lamp.commands.at(-1)).toEqual({ state: 'ON' });
    expect(await ask('set the living room light to thirty percent', 'sofa')).toBe(
      'The living room light is at 30 percent.',
    );
    expect(lamp.commands.at(-1)).toEqual({ state: 'ON', brightness: 76 });
    expect(await ask('is the living room light on', 'bed')).toBe(
      'The living room light is on at 30 percent.',
    );
  });

  it('is learned while everything runs, and can be said at once', async () => {
    const grammars = await collect(house.bus, intentsRegistry);
    const another = await plugIn('winter_garden_chandelier', house.url);
    await grammars.until(
      ({ data }) => data.lists['devices']?.includes('winter garden chandelier') ?? false,
    );
    expect(await ask('switch off the winter garden chandelier', 'porch')).toBe(
      'The winter garden chandelier is off.',
    );
    await another.unplug();
  });

  it.skipIf(noRecording)(`is switched by a person's recording ${noRecording || ''}`, async () => {
    await ask('turn off the living room light', 'hall');
    const { json } = await house.run('cli', 'listen', recording);
    expect(json).toMatchObject({ answer: 'The living room light is on.', error: null });
    expect(lamp.commands.at(-1)).toEqual({ state: 'ON' });
  });
});

interface Lamp {
  readonly commands: readonly object[];
  unplug(): Promise<void>;
}

/** As zigbee2mqtt would do it for a bulb. */
async function plugIn(name: string, url: string): Promise<Lamp> {
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
