/** What is sent to a device so that it does what was wished. */
import type { Config } from './announced-config.ts';
import type { Entity } from './discovery.ts';
import { fillTemplate } from './template.ts';
import type { State } from './reading.ts';

export const ACTIONS = [
  'on',
  'off',
  'toggle',
  'open',
  'close',
  'stop',
  'lock',
  'unlock',
  'brightness',
  'position',
  'temperature',
  'speed',
  'activate',
] as const;
export type Action = (typeof ACTIONS)[number];

export interface Wish {
  readonly action: Action;
  /** Percent, or degrees for `temperature`. */
  readonly value?: number | undefined;
}

export interface Order {
  readonly messages: readonly { readonly topic: string; readonly payload: string }[];
  /** Whether a state shows that it was done. */
  readonly done: (state: State) => boolean;
}

/** @returns undefined when the device cannot do that. @throws TemplateError when its command template is not supported */
export function orderFor(entity: Entity, wish: Wish, state: State): Order | undefined {
  const { config } = entity;
  const action = plain(entity, wish.action, state);
  const value = wish.value ?? 0;
  switch (entity.kind) {
    case 'light':
      return light(config, action, value);
    case 'switch':
      return switching(config, action);
    case 'fan':
      return action === 'speed' ? fanSpeed(config, value) : switching(config, action);
    case 'cover':
      return cover(config, action, value);
    case 'lock':
      return lock(config, action);
    case 'climate':
      return climate(config, action, value);
    case 'scene':
      return action === 'on' && config.command_topic !== undefined
        ? {
            messages: [{ topic: config.command_topic, payload: config.payload_on ?? 'ON' }],
            done: always,
          }
        : undefined;
    case 'sensor':
    case 'binary_sensor':
      return undefined;
  }
}

function always(): boolean {
  return true;
}

/** `toggle` and words that mean the same for one kind of device. */
function plain({ kind }: Entity, action: Action, state: State): Action {
  if (action === 'toggle') return state.status === 'on' ? 'off' : 'on';
  if (action === 'activate') return 'on';
  if (kind === 'cover' && action === 'on') return 'open';
  return kind === 'cover' && action === 'off' ? 'close' : action;
}

function fill(template: string | undefined, value: string | number): string {
  return template === undefined ? String(value) : fillTemplate(template, value);
}

function switching(config: Config, action: Action): Order | undefined {
  const { command_topic: topic, payload_on = 'ON', payload_off = 'OFF' } = config;
  if (topic === undefined || (action !== 'on' && action !== 'off')) return undefined;
  const payload = fill(config.command_template, action === 'on' ? payload_on : payload_off);
  return { messages: [{ topic, payload }], done: ({ status }) => status === action };
}

export function isDimmable({ schema, ...config }: Config): boolean {
  if (schema !== 'json') return config.brightness_command_topic !== undefined;
  const modes = config.supported_color_modes ?? [];
  return config.brightness === true || modes.some((mode) => mode !== 'onoff');
}

function light(config: Config, action: Action, value: number): Order | undefined {
  const { command_topic: topic, brightness_scale = 255 } = config;
  if (topic === undefined) return undefined;
  if (action === 'brightness' && value <= 0) return light(config, 'off', 0);
  const level = Math.round((value / 100) * brightness_scale);
  if (action === 'brightness' && !isDimmable(config)) return undefined;
  const done = ({ status, brightness }: State) =>
    status !== 'off' && brightness !== undefined && Math.abs(brightness - value) <= 2;
  if (config.schema === 'json') {
    if (action === 'brightness') {
      return { messages: [{ topic, payload: `{"state":"ON","brightness":${level}}` }], done };
    }
    if (action !== 'on' && action !== 'off') return undefined;
    const payload = `{"state":"${action.toUpperCase()}"}`;
    return { messages: [{ topic, payload }], done: ({ status }) => status === action };
  }
  if (action === 'brightness') return { messages: dimming(config, topic, level), done };
  if (action === 'on' && config.on_command_type === 'brightness' && isDimmable(config)) {
    const messages = dimming(config, topic, brightness_scale);
    return { messages, done: ({ status }) => status === 'on' };
  }
  return switching(config, action);
}

function dimming(config: Config, topic: string, level: number) {
  const { brightness_command_topic, brightness_command_template, on_command_type } = config;
  const dim = {
    topic: brightness_command_topic ?? topic,
    payload: fill(brightness_command_template, level),
  };
  const on = { topic, payload: config.payload_on ?? 'ON' };
  if (on_command_type === 'brightness') return [dim];
  return on_command_type === 'first' ? [on, dim] : [dim, on];
}

function fanSpeed(config: Config, value: number): Order | undefined {
  const { percentage_command_topic: topic, speed_range_min = 1, speed_range_max = 100 } = config;
  if (topic === undefined) return undefined;
  const zero = speed_range_min - 1;
  const level = Math.round(zero + (value / 100) * (speed_range_max - zero));
  return {
    messages: [{ topic, payload: fill(config.percentage_command_template, level) }],
    done: ({ speed }) => speed !== undefined && Math.abs(speed - value) <= 100 / speed_range_max,
  };
}

function cover(config: Config, action: Action, value: number): Order | undefined {
  const { command_topic, set_position_topic, position_closed = 0, position_open = 100 } = config;
  const payloads: Partial<Record<Action, string>> = {
    open: config.payload_open ?? 'OPEN',
    close: config.payload_close ?? 'CLOSE',
    stop: config.payload_stop ?? 'STOP',
  };
  const payload = payloads[action];
  if (command_topic !== undefined && payload !== undefined) {
    return { messages: [{ topic: command_topic, payload }], done: moving(action, 0) };
  }
  const share = { open: 100, close: 0, position: value }[action as string];
  if (set_position_topic === undefined || share === undefined) return undefined;
  const position = Math.round(position_closed + (share / 100) * (position_open - position_closed));
  return {
    messages: [
      { topic: set_position_topic, payload: fill(config.set_position_template, position) },
    ],
    done: moving(action, value),
  };
}

/** A cover takes its time: that it moves in the right direction is enough. */
function moving(action: Action, value: number): (state: State) => boolean {
  return ({ status, position }) => {
    if (action === 'open') return status === 'open' || status === 'opening' || position === 100;
    if (action === 'close') return status === 'closed' || status === 'closing' || position === 0;
    if (action === 'stop') return status !== 'opening' && status !== 'closing';
    return position !== undefined && Math.abs(position - value) <= 2;
  };
}

function lock(config: Config, action: Action): Order | undefined {
  const { command_topic: topic, payload_lock = 'LOCK', payload_unlock = 'UNLOCK' } = config;
  if (topic === undefined || (action !== 'lock' && action !== 'unlock')) return undefined;
  const payload = fill(config.command_template, action === 'lock' ? payload_lock : payload_unlock);
  return { messages: [{ topic, payload }], done: ({ status }) => status === `${action}ed` };
}

function climate(config: Config, action: Action, value: number): Order | undefined {
  if (action === 'temperature') {
    const { temperature_command_topic: topic, min_temp, max_temp } = config;
    if (topic === undefined) return undefined;
    if (
      (min_temp !== undefined && value < min_temp) ||
      (max_temp !== undefined && value > max_temp)
    )
      return undefined;
    return {
      messages: [{ topic, payload: fill(config.temperature_command_template, value) }],
      done: ({ target }) => target === value,
    };
  }
  const { mode_command_topic: topic, modes = [] } = config;
  const wanted = action === 'off' ? ['off'] : action === 'on' ? ['heat', 'auto', 'heat_cool'] : [];
  const mode = wanted.find((name) => modes.includes(name));
  if (topic === undefined || mode === undefined) return undefined;
  return {
    messages: [{ topic, payload: fill(config.mode_command_template, mode) }],
    done: (state) => state.mode === mode,
  };
}
