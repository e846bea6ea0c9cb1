import { toJsgf } from '@hearth/core';
import { describe, expect, it } from 'vitest';
import type { KnownDevices } from '../intents/devices.ts';
import { createBuiltin } from './builtin.ts';
import type { CallToolOptions, Said, Tools } from './generator.ts';

const HOME: KnownDevices = [
  {
    id: 'light.1',
    name: 'living room light',
    area: 'living room',
    kind: 'light',
    capabilities: ['onoff'],
  },
  {
    id: 'light.2',
    name: 'bedroom lamp',
    area: 'bedroom',
    kind: 'light',
    capabilities: ['brightness'],
  },
  { id: 'light.3', name: '0x00158d0001a2b3c4', kind: 'light', capabilities: ['onoff'] },
  { id: 'light.4', name: 'лампа', kind: 'light', capabilities: ['onoff'] },
  { id: 'light.5', name: 'tasmota 9f2a1b', kind: 'light', capabilities: ['onoff'] },
  {
    id: 'switch.1',
    name: 'espresso machine',
    area: 'winter garden',
    kind: 'switch',
    capabilities: ['onoff'],
  },
  { id: 'cover.1', name: 'garage door', area: 'garage', kind: 'cover', capabilities: ['open'] },
  {
    id: 'climate.1',
    name: 'office thermostat',
    area: 'office',
    kind: 'climate',
    capabilities: ['temperature'],
  },
  { id: 'lock.1', name: 'front door', kind: 'lock', capabilities: ['lock'] },
  { id: 'scene.1', name: 'movie night', kind: 'scene', capabilities: ['activate'] },
  {
    id: 'sensor.1',
    name: 'kitchen sensor',
    area: 'kitchen',
    kind: 'sensor',
    capabilities: ['temperature'],
  },
  {
    id: 'sensor.2',
    name: 'kitchen air',
    area: 'kitchen',
    kind: 'sensor',
    capabilities: ['carbon_dioxide'],
  },
  {
    id: 'binary_sensor.1',
    name: 'kitchen window',
    area: 'kitchen',
    kind: 'binary_sensor',
    capabilities: ['window'],
  },
];

function homeWith(devices: KnownDevices) {
  const builtin = createBuiltin({ timeZone: 'UTC' });
  builtin.learn(devices);
  return builtin;
}

interface Called {
  name: string;
  args: Readonly<Record<string, unknown>>;
  confirmed: boolean | undefined;
}

async function ask(text: string, history: readonly Said[] = [], answer?: () => Promise<never>) {
  const calls: Called[] = [];
  const missing = () => Promise.reject(new Error('not asked for'));
  const tools: Tools = {
    recall: missing,
    remember: missing,
    forget: missing,
    offers: () => [],
    use: missing,
    callTool: async (name, args, { confirmed }: CallToolOptions = {}) => {
      calls.push({ name, args, confirmed });
      return (await answer?.()) ?? { content: 'Done as told.', isError: false };
    },
  };
  const question = { text, history, now: 0, turnId: 't' };
  const { signal } = new AbortController();
  let said = '';
  for await (const piece of homeWith(HOME).generateAsync(question, { tools, signal }))
    said += piece.text;
  return { said, calls };
}

describe('devices of the home', () => {
  it.each([
    ['turn on the living room light', { action: 'on' }, 'living room light'],
    ['switch off the espresso machine', { action: 'off' }, 'espresso machine'],
    ['turn the lights in the winter garden off', { action: 'off' }, undefined],
    ['set the bedroom lamp to thirty percent', { action: 'brightness', value: 30 }, 'bedroom lamp'],
    ['open the garage door', { action: 'open' }, 'garage door'],
    ['close the blinds', { action: 'close', device: 'blinds' }, undefined],
    ['set the garage door to 40 percent', { action: 'position', value: 40 }, 'garage door'],
    [
      'set the office thermostat to twenty one degrees',
      { action: 'temperature', value: 21 },
      'office thermostat',
    ],
    [
      'set the temperature in the office to 19 degrees',
      { action: 'temperature', value: 19, area: 'office' },
      'thermostat',
    ],
    ['activate movie night', { action: 'activate' }, 'movie night'],
    ['unlock the front door', { action: 'unlock' }, 'front door'],
    ['turn on лампа', { action: 'on', device: 'лампа' }, undefined],
  ])('"%s" is an order', async (text, args, device) => {
    const { said, calls } = await ask(text);
    expect(said).toBe('Done as told.');
    expect(calls).toEqual([
      { name: 'devices_set', args: expect.objectContaining(args), confirmed: undefined },
    ]);
    const given = calls[0]?.args;
    const named = [given?.['device'], given?.['area']].filter(Boolean).toReversed().join(' ');
    if (device !== undefined) expect([named, given?.['device']]).toContain(device);
  });

  it.each([
    ['is the garage door open', { device: 'garage door' }],
    ['are the lights in the kitchen on', { device: 'lights', area: 'kitchen' }],
    ['is the front door locked', { device: 'front door' }],
    ['is the kitchen window open', {}],
    ['what is the temperature in the kitchen', { what: 'temperature', area: 'kitchen' }],
    ['what is the carbon dioxide in the kitchen', { what: 'carbon dioxide', area: 'kitchen' }],
    ['how warm is it in the office', { what: 'temperature', area: 'office' }],
  ])('"%s" is a question', async (text, args) => {
    const { calls } = await ask(text);
    expect(calls).toEqual([
      { name: 'devices_get', args: expect.objectContaining(args), confirmed: undefined },
    ]);
  });

  it('unlocks after a yes to its own question, and to nothing else', async () => {
    const asked: Said = { role: 'assistant', text: 'Shall I unlock the front door?' };
    const { calls } = await ask('yes please', [
      { role: 'user', text: 'unlock the front door' },
      asked,
    ]);
    expect(calls).toEqual([
      { name: 'devices_set', args: { device: 'front door', action: 'unlock' }, confirmed: true },
    ]);
    expect((await ask('yes')).calls).toEqual([]);
    const later: Said = { role: 'assistant', text: 'It is noon.' };
    expect((await ask('yes', [asked, later])).calls).toEqual([]);
  });

  it('says that devices cannot be reached when nobody answers', async () => {
    const lost = () => Promise.reject(new Error('no tool worker'));
    expect((await ask('turn on the living room light', [], lost)).said).toBe(
      'Sorry, your devices cannot be reached now.',
    );
  });

  it('are in the grammar of the recogniser at once, except those that nobody can say', () => {
    const builtin = createBuiltin({ timeZone: 'UTC' });
    expect(toJsgf(builtin.grammar).words).not.toContain('espresso');
    builtin.learn(HOME);
    const { words } = toJsgf(builtin.grammar);
    for (const word of ['espresso', 'winter', 'garage', 'movie', 'dioxide', 'unlock']) {
      expect(words).toContain(word);
    }
    const told = JSON.stringify(builtin.intents);
    for (const name of ['0x00158d0001a2b3c4', 'лампа', 'tasmota']) expect(told).not.toContain(name);
    builtin.learn([]);
    expect(toJsgf(builtin.grammar).words).not.toContain('espresso');
  });
});
