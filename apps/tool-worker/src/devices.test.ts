/** The devices of a home, through a real broker: announced, followed, commanded. */
import { callTool, toolsRegistry } from '@hearth/contracts';
import {
  collect,
  type Collected,
  mosquittoPath,
  runTestService,
  startTestBroker,
  type TestBroker,
  type TestService,
} from '@hearth/runtime/testing';
import type { ToolsRegistry } from '@hearth/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as announcements from './fixtures/announcements.ts';
import { connectDevices, type FakeDevices } from './fixtures/fake-devices.ts';
import { toolWorker } from './service.ts';

describe.each(['aedes', 'mosquitto'] as const)('devices over %s', (kind) => {
  const missing = kind === 'mosquitto' && mosquittoPath() === undefined;
  let broker: TestBroker;
  let devices: FakeDevices;
  let service: TestService;
  let registries: Collected<ToolsRegistry>;

  beforeEach(async ({ skip }) => {
    if (missing) skip('mosquitto is not installed');
    broker = await startTestBroker({ kind });
    devices = connectDevices(broker.url);
    for (const each of announcements.ALL) await devices.announce(each);
    await devices.tell('zigbee2mqtt/bridge/state', { state: 'online' });
    service = await runTestService(toolWorker, broker.url, {
      HEARTH_MCP_FILE: '/nonexistent.json',
    });
    registries = await collect<ToolsRegistry>(service.peer, toolsRegistry);
    await known('hallway humidity');
  });
  afterEach(async () => {
    if (missing) return;
    expect(await service.stop()).toBe(0);
    await devices.close();
    await broker.stop();
  });

  function known(name: string) {
    return registries.until(
      ({ data }) => data.devices?.some((each) => each.name === name) ?? false,
    );
  }

  async function use(
    name: string,
    args: Record<string, unknown>,
    more: { confirmed?: boolean } = {},
  ) {
    const request = { name, arguments: args, ...more };
    const { data } = await service.peer.call(callTool, request, { siteId: 'bedroom' });
    return data;
  }

  const set = (args: Record<string, unknown>, more?: { confirmed?: boolean }) =>
    use('devices_set', args, more);
  const get = (args: Record<string, unknown>) => use('devices_get', args);

  it('are in the registry, also when they were announced before the service started', async () => {
    const { data } = await registries.until(({ data }) => data.devices?.length === 13);
    expect(data.devices).toContainEqual({
      id: 'light.0x01_light_zigbee2mqtt',
      name: 'living room light',
      area: 'living room',
      kind: 'light',
      capabilities: ['onoff', 'brightness'],
    });
    expect(data.tools.map(({ name }) => name)).toContain('devices_set');
  });

  it('go when they are taken back', async () => {
    await devices.announce({ topic: announcements.tasmotaPlug.topic, payload: '' });
    const { data } = await registries.until(({ data }) => data.devices?.length === 12);
    expect(data.devices?.map(({ name }) => name)).not.toContain('coffee machine');
    expect(await set({ device: 'coffee machine', action: 'on' })).toMatchObject({
      isError: true,
      content: 'I know of no coffee machine.',
    });
  });

  it('a zigbee2mqtt light is switched and dimmed, and its answer awaited', async () => {
    await devices.obey('zigbee2mqtt/living_room_light/set', (command) => {
      void devices.tell('zigbee2mqtt/living_room_light', {
        brightness: 10,
        ...JSON.parse(command),
      });
    });
    expect(await set({ device: 'the living room light', action: 'on' })).toMatchObject({
      content: 'The living room light is on.',
      isError: false,
    });
    expect(
      await set({ device: 'light', area: 'living room', action: 'brightness', value: 30 }),
    ).toMatchObject({
      content: 'The living room light is at 30 percent.',
    });
    expect(await get({ device: 'living room light' })).toMatchObject({
      content: 'The living room light is on at 30 percent.',
    });
    expect(devices.commands.map(({ payload }) => payload)).toEqual([
      '{"state":"ON"}',
      '{"state":"ON","brightness":76}',
    ]);
  });

  it('a Tasmota lamp is dimmed by its own scale', async () => {
    await devices.obey('cmnd/lamp/Dimmer', (command) => {
      void devices.tell('tele/lamp/STATE', { POWER: 'ON', Dimmer: Number(command) });
    });
    expect(await set({ device: 'bedroom lamp', action: 'brightness', value: 30 })).toMatchObject({
      content: 'The bedroom lamp is at 30 percent.',
    });
    expect(devices.commands).toEqual([{ topic: 'cmnd/lamp/Dimmer', payload: '30' }]);
  });

  it('a lamp of the room where somebody speaks is meant by "the light"', async () => {
    await devices.obey('cmnd/lamp/POWER', (command) => {
      void devices.tell('tele/lamp/STATE', { POWER: command });
    });
    expect(await set({ device: 'the light', action: 'off' })).toMatchObject({
      content: 'The bedroom lamp is off.',
    });
  });

  it('an ESPHome garage door tells how it is, and opens', async () => {
    await devices.tell('garage-node/cover/garage_door/state', 'closed');
    await expect
      .poll(async () => (await get({ device: 'garage door' })).content)
      .toBe('The garage door is closed.');
    await devices.obey('garage-node/cover/garage_door/command', () => {
      void devices.tell('garage-node/cover/garage_door/state', 'opening');
    });
    expect(await set({ device: 'garage door', action: 'open' })).toMatchObject({
      content: 'The garage door is opening.',
    });
  });

  it('a blind goes to a position', async () => {
    await devices.obey('zigbee2mqtt/bedroom_blind/set', (command) => {
      void devices.tell('zigbee2mqtt/bedroom_blind', JSON.parse(command));
    });
    expect(
      await set({ device: 'blinds', area: 'bedroom', action: 'position', value: 40 }),
    ).toMatchObject({
      content: 'The bedroom blind is at 40 percent.',
    });
    expect(devices.commands[0]?.payload).toBe('{ "position": 40 }');
  });

  it('a thermostat and a fan are set', async () => {
    await devices.obey('office-node/climate/thermostat/target_temperature/command', (command) => {
      void devices.tell('office-node/climate/thermostat/target_temperature/state', command);
    });
    await devices.obey('office-node/fan/desk_fan/speed_level/command', (command) => {
      void devices.tell('office-node/fan/desk_fan/speed_level/state', command);
    });
    expect(
      await set({ device: 'office thermostat', action: 'temperature', value: 21 }),
    ).toMatchObject({
      content: 'The office thermostat is set to 21 degrees Celsius.',
    });
    expect(
      await set({ device: 'office thermostat', action: 'temperature', value: 90 }),
    ).toMatchObject({
      content: 'The office thermostat takes temperatures between 5 and 30 degrees.',
      isError: true,
    });
    expect(await set({ device: 'office desk fan', action: 'speed', value: 66 })).toMatchObject({
      isError: false,
    });
    expect(devices.commands.at(-1)?.payload).toBe('2');
  });

  it('sensors say what is measured in a room, and whether a window is open', async () => {
    await devices.tell('zigbee2mqtt/air_quality', { temperature: 21.46, linkquality: 80 });
    await devices.tell('zigbee2mqtt/kitchen/window', { contact: false });
    await expect
      .poll(async () => (await get({ what: 'temperature', area: 'the kitchen' })).content)
      .toBe('The temperature in the kitchen is 21.5 degrees Celsius.');
    await expect
      .poll(async () => (await get({ device: 'kitchen window' })).content)
      .toBe('The kitchen window is open.');
  });

  it('a door is unlocked only when the user has agreed', async () => {
    await devices.obey('zigbee2mqtt/front_door/set', (command) => {
      void devices.tell('zigbee2mqtt/front_door', { state: command });
    });
    expect(await set({ device: 'front door', action: 'unlock' })).toMatchObject({
      needsConfirmation: 'Shall I unlock the front door?',
    });
    expect(devices.commands).toEqual([]);
    expect(
      await set({ device: 'front door', action: 'unlock' }, { confirmed: true }),
    ).toMatchObject({
      content: 'The front door is unlocked.',
    });
  });

  it('a scene is activated', async () => {
    await devices.obey('zigbee2mqtt/Everything/set');
    expect(await set({ device: 'movie night', action: 'activate' })).toMatchObject({
      content: 'The scene movie night is on.',
    });
    await expect
      .poll(() => devices.commands.map(({ payload }) => payload))
      .toEqual(['{ "scene_recall": 3 }']);
  });

  it('a device that does not react is said not to answer, after 3 s', async () => {
    expect(await set({ device: 'coffee machine', action: 'on' })).toEqual({
      content: 'The coffee machine did not answer.',
      isError: true,
      data: [{ id: 'switch.35EBF6_RL_1', outcome: 'silent' }],
    });
  });

  it('a device that is away is said to be unavailable, at once and without a command', async () => {
    await devices.obey('plug/35EBF6/POWER1');
    await devices.tell('plug/35EBF6/LWT', 'Offline');
    await expect
      .poll(async () => (await get({ device: 'coffee machine' })).content)
      .toBe('The coffee machine is not available.');
    expect(await set({ device: 'coffee machine', action: 'on' })).toMatchObject({ isError: true });
    expect(devices.commands).toEqual([]);
  });

  it('with the bridge away, everything behind it is unavailable', async () => {
    await devices.tell('zigbee2mqtt/bridge/state', { state: 'offline' });
    await expect
      .poll(async () => (await get({ device: 'living room light' })).content)
      .toBe('The living room light is not available.');
  });

  it('several are switched together, and the one that failed is named', async () => {
    const hall = {
      ...announcements.wholeDevice.payload,
      dev: { ids: 'x', name: 'Bedroom', sa: 'Bedroom' },
    };
    await devices.announce({ topic: 'homeassistant/device/second/config', payload: hall });
    await known('bedroom humidity');
    await devices.obey('cmnd/lamp/POWER', (command) => {
      void devices.tell('tele/lamp/STATE', { POWER: command });
    });
    const { content, isError } = await set({ device: 'lights', area: 'bedroom', action: 'off' });
    expect(content).toBe('The bedroom lamp is off. The bedroom ceiling light did not answer.');
    expect(isError).toBe(true);
  });

  it('asks which one is meant when it cannot know', async () => {
    const { content } = await service.peer
      .call(callTool, { name: 'devices_set', arguments: { device: 'light', action: 'on' } })
      .then(({ data }) => data);
    expect(content).toBe(
      'Which light do you mean: the bedroom lamp, the ceiling light or the living room light?',
    );
  });
});
