/** What the topics of a device say about its state. */
import { TemplateError, type Value } from './expression.ts';
import type { Config } from './announced-config.ts';
import type { Entity } from './discovery.ts';
import { compileTemplate } from './template.ts';

/** What is known about a device; what nobody told is absent. */
export interface State {
  /** `on`, `off`, `open`, `closed`, `opening`, `closing`, `stopped`, `locked`, `unlocked`, or a sensor's own words. */
  readonly status?: string;
  /** Percent. */
  readonly brightness?: number;
  /** Percent; 100 is open. */
  readonly position?: number;
  /** Percent. */
  readonly speed?: number;
  /** Where a thermostat wants to be, in its own unit. */
  readonly target?: number;
  /** Measured by a thermostat. */
  readonly current?: number;
  /** Of a thermostat, e.g. `heat`. */
  readonly mode?: string;
  /** A sensor's number, in its own unit. */
  readonly value?: number;
}

/** One topic that tells something about a device. */
export interface Reading {
  readonly topic: string;
  /** @returns what the payload says; empty when it says nothing of use */
  read(payload: string): Partial<State>;
}

/** @param onUnsupported told which template is not understood; what it would tell stays unknown */
export function readingsOf(entity: Entity, onUnsupported: (reason: string) => void): Reading[] {
  const { kind, config } = entity;
  const create = (
    topic: string | undefined,
    template: string | undefined,
    read: (text: string) => Partial<State>,
  ) => readingOf(topic, template, read, onUnsupported);
  switch (kind) {
    case 'light':
      return config.schema === 'json' ? jsonLight(config) : plainLight(config, create);
    case 'fan':
      return [onOff(config, create), ...fanSpeed(config, create)].flat();
    case 'switch':
    case 'binary_sensor':
      return onOff(config, create);
    case 'cover':
      return cover(config, create);
    case 'lock':
      return create(config.state_topic, config.value_template, named(lockNames(config)));
    case 'climate':
      return climate(config, create);
    case 'sensor':
      return create(config.state_topic, config.value_template, measured);
    case 'scene':
      return [];
  }
}

type Create = (
  topic: string | undefined,
  template: string | undefined,
  read: (text: string) => Partial<State>,
) => Reading[];

function readingOf(
  topic: string | undefined,
  template: string | undefined,
  read: (text: string) => Partial<State>,
  onUnsupported: (reason: string) => void,
): Reading[] {
  if (topic === undefined) return [];
  if (template === undefined) return [{ topic, read: (payload) => read(payload.trim()) }];
  try {
    const compiled = compileTemplate(template);
    return [
      {
        topic,
        read(payload) {
          const text = compiled.apply(payload);
          return text === undefined || text === '' ? {} : read(text);
        },
      },
    ];
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    onUnsupported(error.message);
    return [];
  }
}

function named(names: ReadonlyMap<string, string>): (text: string) => Partial<State> {
  return (text) => {
    const status = names.get(text);
    return status === undefined ? {} : { status };
  };
}

function percent(field: 'brightness' | 'position' | 'speed', zero: number, full: number) {
  return (text: string): Partial<State> => {
    const number = numberOf(text);
    if (number === undefined || full === zero) return {};
    const share = Math.round(((number - zero) / (full - zero)) * 100);
    return { [field]: Math.min(100, Math.max(0, share)) };
  };
}

function degrees(field: 'target' | 'current') {
  return (text: string): Partial<State> => {
    const number = numberOf(text);
    return number === undefined ? {} : { [field]: number };
  };
}

function numberOf(text: string): number | undefined {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function measured(text: string): Partial<State> {
  if (/^(?:none|unknown|unavailable|nan)$/i.test(text)) return {};
  const value = numberOf(text);
  return value === undefined ? { status: text.slice(0, 200) } : { status: text, value };
}

function onOff(config: Config, create: Create): Reading[] {
  const { payload_on = 'ON', payload_off = 'OFF' } = config;
  const names = new Map([
    [config.state_on ?? payload_on, 'on'],
    [config.state_off ?? payload_off, 'off'],
  ]);
  const template = config.state_value_template ?? config.value_template;
  return create(config.state_topic, template, named(names));
}

function plainLight(config: Config, create: Create): Reading[] {
  const { brightness_scale = 255 } = config;
  return [
    ...onOff(config, create),
    ...create(
      config.brightness_state_topic,
      config.brightness_value_template,
      percent('brightness', 0, brightness_scale),
    ),
  ];
}

function jsonLight({ state_topic, brightness_scale = 255 }: Config): Reading[] {
  if (state_topic === undefined) return [];
  const brightness = percent('brightness', 0, brightness_scale);
  return [
    {
      topic: state_topic,
      read(payload) {
        const told = fieldsOf(payload);
        return {
          ...(told['state'] === 'ON' && { status: 'on' }),
          ...(told['state'] === 'OFF' && { status: 'off' }),
          ...(typeof told['brightness'] === 'number' && brightness(String(told['brightness']))),
        };
      },
    },
  ];
}

function fieldsOf(payload: string): Readonly<Record<string, Value>> {
  try {
    const parsed: Readonly<Record<string, Value>> | null = JSON.parse(payload);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function fanSpeed(config: Config, create: Create): Reading[] {
  const { speed_range_min = 1, speed_range_max = 100 } = config;
  const read = percent('speed', speed_range_min - 1, speed_range_max);
  return create(config.percentage_state_topic, config.percentage_value_template, read);
}

function cover(config: Config, create: Create): Reading[] {
  const { position_closed = 0, position_open = 100 } = config;
  const names = new Map([
    [config.state_open ?? 'open', 'open'],
    [config.state_opening ?? 'opening', 'opening'],
    [config.state_closed ?? 'closed', 'closed'],
    [config.state_closing ?? 'closing', 'closing'],
    [config.state_stopped ?? 'stopped', 'stopped'],
  ]);
  const position = percent('position', position_closed, position_open);
  return [
    ...create(config.state_topic, config.value_template, named(names)),
    ...create(config.position_topic, config.position_template ?? config.value_template, position),
  ];
}

function lockNames({ state_locked = 'LOCKED', state_unlocked = 'UNLOCKED' }: Config) {
  return new Map([
    [state_locked, 'locked'],
    [state_unlocked, 'unlocked'],
    ['JAMMED', 'jammed'],
  ]);
}

function climate(config: Config, create: Create): Reading[] {
  return [
    ...create(
      config.current_temperature_topic,
      config.current_temperature_template,
      degrees('current'),
    ),
    ...create(config.temperature_state_topic, config.temperature_state_template, degrees('target')),
    ...create(config.mode_state_topic, config.mode_state_template, (text) => ({
      mode: text.slice(0, 64),
    })),
  ];
}

/** @returns whether the device is there, as far as its topics have told; undefined when they have not */
export function availabilityOf(config: Config): readonly Availability[] {
  const single =
    config.availability_topic === undefined
      ? []
      : [
          {
            topic: config.availability_topic,
            payload_available: config.payload_available,
            payload_not_available: config.payload_not_available,
            value_template: config.availability_template,
          },
        ];
  return [...single, ...(config.availability ?? [])].flatMap((source) => {
    const { payload_available = 'online', payload_not_available = 'offline' } = source;
    const names = new Map([
      [payload_available, true],
      [payload_not_available, false],
    ]);
    try {
      const template =
        source.value_template === undefined ? undefined : compileTemplate(source.value_template);
      const read = (payload: string) =>
        names.get(template ? (template.apply(payload) ?? '') : payload.trim());
      return [{ topic: source.topic, read }];
    } catch {
      return [];
    }
  });
}

export interface Availability {
  readonly topic: string;
  readonly read: (payload: string) => boolean | undefined;
}
