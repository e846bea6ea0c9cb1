/** The devices of the home as three tools. */
import { z } from 'zod';
import { carryOut } from '../devices/carry-out.ts';
import { bare, chooseDevices } from '../devices/choose.ts';
import { amount, conditionOf, describe } from '../devices/describe.ts';
import { announced, type Device } from '../devices/device.ts';
import type { Home } from '../devices/home.ts';
import { spoken } from '../devices/names.ts';
import { ACTIONS, type Action, type Wish } from '../devices/orders.ts';
import { failed, ownTool, said } from './own-tool.ts';
import type { Tool, ToolResult, ToolUse } from './tool.ts';

/** What a model can read of one answer. */
const MAX_LISTED = 100;
const NEEDS_VALUE: readonly Action[] = ['brightness', 'position', 'temperature', 'speed'];

const device = z
  .string()
  .max(128)
  .optional()
  .describe('Id or name of a device, or a word such as "lights" for all of a kind');
const area = z.string().max(100).optional().describe('Room, e.g. "kitchen"');

const setArgs = z.strictObject({
  device,
  area,
  action: z.enum(ACTIONS),
  value: z
    .number()
    .min(-100)
    .max(1_000)
    .optional()
    .describe('Percent for brightness, position and speed; degrees for temperature'),
});
const getArgs = z.strictObject({
  device,
  area,
  what: z
    .string()
    .max(64)
    .optional()
    .describe('What is measured, e.g. "temperature" or "humidity"; without it, the state'),
});

export function deviceTools(home: Home): Tool[] {
  return [
    ownTool({
      name: 'devices_list',
      description: 'Lists the devices of the home with id, name, room, kind and state.',
      args: z.strictObject({ area, kind: z.string().max(32).optional() }),
      run: ({ area: room, kind }) => list(home, room, kind),
    }),
    ownTool({
      name: 'devices_get',
      description: 'Tells how a device is, or what is measured in a room.',
      args: getArgs,
      run: (args, use) => get(home, args, use),
    }),
    ownTool({
      name: 'devices_set',
      description: 'Switches, dims, opens, closes, locks or sets a device of the home.',
      args: setArgs,
      run: (args, use) => set(home, args, use),
    }),
  ];
}

function list(home: Home, room: string | undefined, kind: string | undefined): ToolResult {
  const fitting = home.devices.filter(
    ({ entity }) =>
      (room === undefined || entity.area === bare(room)) &&
      (kind === undefined || entity.kind === kind),
  );
  if (fitting.length === 0) return said('There is no such device.', []);
  const lines = fitting.slice(0, MAX_LISTED).map((each) => {
    const { id, kind, area = 'no room' } = announced(each);
    const condition = each.available === false ? 'not available' : (conditionOf(each) ?? 'unknown');
    return `${id}: ${each.name}, ${kind}, ${area}, ${condition}`;
  });
  const more = fitting.length - lines.length;
  return said([...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'));
}

type SetArgs = z.infer<typeof setArgs>;

async function set(home: Home, args: SetArgs, use: ToolUse): Promise<ToolResult> {
  const { action, value } = args;
  if (value === undefined && NEEDS_VALUE.includes(action)) return failed(`${action} needs a value`);
  if (value !== undefined && action !== 'temperature' && NEEDS_VALUE.includes(action)) {
    if (value < 0 || value > 100) return failed('That goes from 0 to 100 percent.');
  }
  if (home.devices.length === 0) return failed('I know of no devices yet.');
  const commanded = home.devices.filter(({ entity }) => !entity.kind.endsWith('sensor'));
  const chosen = chooseDevices(preferred(commanded, action), args, roomOf(use));
  if (typeof chosen === 'string') return failed(chosen);
  const wish: Wish = { action, value };
  if (action === 'unlock' && !use.confirmed) {
    const names = chosen.devices.map(({ name }) => `the ${name}`).join(' and ');
    const question = `Shall I unlock ${names}?`;
    return { content: question, isError: false, needsConfirmation: question };
  }
  const report = await carryOut(home, chosen, wish, use.signal);
  return { content: report.text, isError: report.failed, data: report.outcomes };
}

/** `Open the garage door` is not about the lamp above it. */
function preferred(devices: readonly Device[], action: Action): readonly Device[] {
  const kinds: Partial<Record<Action, string>> = {
    open: 'cover',
    close: 'cover',
    stop: 'cover',
    position: 'cover',
    lock: 'lock',
    unlock: 'lock',
    brightness: 'light',
    temperature: 'climate',
    speed: 'fan',
  };
  const kind = kinds[action];
  return kind === undefined ? devices : devices.filter(({ entity }) => entity.kind === kind);
}

function get(
  home: Home,
  { device: name, area: room, what }: z.infer<typeof getArgs>,
  use: ToolUse,
): ToolResult {
  if (home.devices.length === 0) return failed('I know of no devices yet.');
  if (what !== undefined && name === undefined)
    return measured(home, bare(what), room ?? roomOf(use));
  const chosen = chooseDevices(home.devices, { device: name, area: room }, roomOf(use));
  if (typeof chosen === 'string') return failed(chosen);
  const sentences = chosen.devices.slice(0, MAX_LISTED).map(describe);
  return said(sentences.join(' '), chosen.devices.map(stateOf));
}

function stateOf(each: Device) {
  return { id: each.entity.id, available: each.available, ...each.state };
}

/** `The temperature in the kitchen is 21.5 degrees Celsius.` */
function measured(home: Home, what: string, room: string | undefined): ToolResult {
  const place = room === undefined ? undefined : bare(room);
  const found = home.devices.flatMap((each) => {
    const { kind, config, area: inside } = each.entity;
    if (place !== undefined && inside !== place && !each.name.startsWith(`${place} `)) return [];
    const measures = spoken(config.device_class ?? '') === what;
    if (kind === 'sensor' && (measures || each.name.endsWith(` ${what}`))) {
      return [{ each, value: each.state.value, unit: config.unit_of_measurement }];
    }
    if (kind !== 'climate' || what !== 'temperature') return [];
    const unit = config.temperature_unit === 'F' ? '°F' : '°C';
    return [{ each, value: each.state.current, unit }];
  });
  const where = place === undefined ? '' : ` in the ${place}`;
  if (found.length === 0) return failed(`I know of nothing that measures the ${what}${where}.`);
  const [best] = found.filter(({ value, each }) => value !== undefined && each.available !== false);
  if (best?.value === undefined)
    return failed(`The sensor for the ${what}${where} is not available.`);
  const inside = where === '' && best.each.entity.area ? ` in the ${best.each.entity.area}` : where;
  return said(`The ${what}${inside} is ${amount(best.value, best.unit)}.`, stateOf(best.each));
}

function roomOf({ siteId }: ToolUse): string | undefined {
  return siteId === undefined ? undefined : spoken(siteId);
}
