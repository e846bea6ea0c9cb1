/** Devices in sentences that can be read out. */
import type { Device } from './device.ts';
import type { Wish } from './orders.ts';

const UNITS: Readonly<Record<string, string>> = {
  '°C': 'degrees Celsius',
  '°F': 'degrees Fahrenheit',
  '%': 'percent',
  W: 'watts',
  kW: 'kilowatts',
  Wh: 'watt hours',
  kWh: 'kilowatt hours',
  V: 'volts',
  A: 'amperes',
  lx: 'lux',
  hPa: 'hectopascals',
  ppm: 'parts per million',
  s: 'seconds',
  min: 'minutes',
};

/** Device classes of binary sensors whose `on` is not called on. */
const BINARY: Readonly<Record<string, readonly [on: string, off: string]>> = {
  door: ['open', 'closed'],
  garage_door: ['open', 'closed'],
  window: ['open', 'closed'],
  opening: ['open', 'closed'],
  lock: ['unlocked', 'locked'],
  moisture: ['wet', 'dry'],
  smoke: ['reporting smoke', 'quiet'],
  gas: ['reporting gas', 'quiet'],
  motion: ['seeing motion', 'not seeing any motion'],
  occupancy: ['occupied', 'not occupied'],
  presence: ['occupied', 'not occupied'],
  battery: ['low on battery', 'fine'],
  problem: ['reporting a problem', 'fine'],
};

export function amount(value: number, unit: string | undefined): string {
  const rounded = String(Math.round(value * 10) / 10);
  return unit === undefined || unit === '' ? rounded : `${rounded} ${UNITS[unit] ?? unit}`;
}

/** `The kitchen light is on.` */
export function describe(device: Device): string {
  const condition = conditionOf(device);
  if (device.available === false) return notThere(device);
  if (condition === undefined) return `The ${device.name} has not told how it is.`;
  return `The ${device.name} ${be(device.name)} ${condition}.`;
}

export function notThere({ name }: Pick<Device, 'name'>): string {
  return `The ${name} ${be(name)} not available.`;
}

export function noAnswer({ name }: Pick<Device, 'name'>): string {
  return `The ${name} did not answer.`;
}

export function be(name: string): 'is' | 'are' {
  return /(?<!s)s$/.test(name) ? 'are' : 'is';
}

/** What stands behind `is`; undefined when it is not known. */
export function conditionOf({ entity, state }: Device): string | undefined {
  const { status } = state;
  switch (entity.kind) {
    case 'light':
      if (status !== 'on' || state.brightness === undefined) return status;
      return `on at ${state.brightness} percent`;
    case 'cover':
      return coverCondition(state);
    case 'climate':
      return climateCondition(entity.config.temperature_unit, state);
    case 'binary_sensor': {
      const [on, off] = BINARY[entity.config.device_class ?? ''] ?? ['on', 'off'];
      return status === undefined ? undefined : status === 'on' ? on : off;
    }
    case 'sensor': {
      const { unit_of_measurement: unit } = entity.config;
      if (state.value === undefined) return status;
      return `at ${amount(state.value, unit)}`;
    }
    case 'switch':
    case 'fan':
    case 'lock':
    case 'scene':
      return status;
  }
}

function coverCondition({ status, position }: Device['state']): string | undefined {
  if (status === 'opening' || status === 'closing') return status;
  if (position === undefined) return status;
  if (position === 0) return 'closed';
  return position === 100 ? 'open' : `open at ${position} percent`;
}

function climateCondition(unit: string | undefined, state: Device['state']): string | undefined {
  const degrees = unit === 'F' ? '°F' : '°C';
  if (state.mode === 'off') return 'off';
  if (state.target === undefined) return state.mode;
  const now = state.current === undefined ? '' : `; it is ${amount(state.current, degrees)} now`;
  return `set to ${amount(state.target, degrees)}${now}`;
}

/** What stands behind `is` when a wish was fulfilled. */
export function fulfilled(target: Device, { action, value = 0 }: Wish): string {
  switch (action) {
    case 'brightness':
    case 'speed':
    case 'position':
      return value <= 0 && action === 'brightness' ? 'off' : `at ${value} percent`;
    case 'temperature': {
      const degrees = target.entity.config.temperature_unit === 'F' ? '°F' : '°C';
      return `set to ${amount(value, degrees)}`;
    }
    case 'open':
    case 'close':
    case 'stop':
      return coverCondition(target.state) ?? `${action}ing`.replace('eing', 'ing');
    case 'on':
    case 'off':
      return target.entity.kind === 'cover' ? (coverCondition(target.state) ?? action) : action;
    case 'lock':
    case 'unlock':
      return `${action}ed`;
    case 'toggle':
      return target.state.status ?? 'switched';
    case 'activate':
      return 'on';
  }
}
