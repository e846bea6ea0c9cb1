import { describe, expect, it } from 'vitest';
import * as announcements from '../fixtures/announcements.ts';
import { readDiscovery } from './discovery.ts';

function read({ topic, payload }: { topic: string; payload: unknown }) {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return readDiscovery(topic.replace('homeassistant/', ''), new TextEncoder().encode(text));
}

describe('discovery', () => {
  it('finds every device of the home, by the name and the room that people use', () => {
    const found = announcements.ALL.flatMap((each) => read(each) ?? []);
    expect(found.map(({ kind, name, area }) => [kind, name, area])).toEqual([
      ['light', 'living room light', 'living room'],
      ['binary_sensor', 'kitchen window', 'kitchen'],
      ['sensor', 'air quality temperature', 'kitchen'],
      ['cover', 'bedroom blind', 'bedroom'],
      ['lock', 'front door', undefined],
      ['scene', 'movie night', undefined],
      ['light', 'bedroom lamp', 'bedroom'],
      ['switch', 'coffee machine', undefined],
      ['fan', 'office desk fan', 'office'],
      ['cover', 'garage door', 'garage'],
      ['climate', 'office thermostat', 'office'],
      ['light', 'ceiling light', 'hallway'],
      ['sensor', 'hallway humidity', 'hallway'],
    ]);
  });

  it('writes abbreviations out and puts the base topic in', () => {
    expect(read(announcements.tasmotaPlug)?.[0]?.config).toMatchObject({
      state_topic: 'plug/35EBF6/STATE',
      command_topic: 'plug/35EBF6/POWER1',
      value_template: '{{value_json.POWER1}}',
      availability: [{ topic: 'plug/35EBF6/LWT', payload_available: 'Online' }],
    });
    expect(read(announcements.wholeDevice)?.map(({ config }) => config)).toMatchObject([
      { command_topic: 'made-up/0AFFD2/light/set', state_topic: 'made-up/0AFFD2/light' },
      { state_topic: 'made-up/0AFFD2/state', availability_topic: 'made-up/0AFFD2/online' },
    ]);
  });

  it('takes a payload that is not text as Home Assistant would write it', () => {
    expect(read(announcements.zigbeeContact)?.[0]?.config).toMatchObject({
      payload_on: 'False',
      payload_off: 'True',
    });
  });

  it.each([
    ['an empty payload', 'homeassistant/light/a/config', ''],
    ['a kind that Hearth does not know', 'homeassistant/vacuum/a/config', '{"cmd_t":"x"}'],
    ['another topic', 'homeassistant/status', 'online'],
    ['a light that nobody can switch', 'homeassistant/light/a/config', '{"stat_t":"x"}'],
  ])('finds nothing in %s', (_what, topic, payload) => {
    expect(read({ topic, payload })).toEqual([]);
  });

  it.each(['{', '[]', '7', '"x"', 'null'])('says that %s is broken', (payload) => {
    expect(read({ topic: 'homeassistant/light/a/config', payload })).toBeUndefined();
  });

  it('does without a field that is broken', () => {
    const payload = {
      name: 'Lamp',
      cmd_t: 'a/set',
      stat_t: 'a/+/b',
      bri_scl: 'x',
      modes: 7,
      qos: {},
    };
    expect(read({ topic: 'homeassistant/light/a/config', payload })?.[0]).toMatchObject({
      name: 'lamp',
      config: { command_topic: 'a/set' },
    });
  });
});
