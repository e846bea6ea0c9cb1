/** One device of the home: what it announced, and what its topics have told since. */
import type { ToolsRegistry } from '@hearth/contracts';
import type { Entity } from './discovery.ts';
import { isDimmable } from './orders.ts';
import type { State } from './reading.ts';

export interface Device {
  readonly entity: Entity;
  /** Different for each device: with the name of the whole device where two would be called the same. */
  readonly name: string;
  readonly state: State;
  /** Undefined when the device has not told. */
  readonly available: boolean | undefined;
  /** It says nothing about its state: an order can only be sent. */
  readonly silent: boolean;
  /** Called after each report of its state. @returns what ends it */
  onReport(listener: () => void): () => void;
}

type Known = NonNullable<ToolsRegistry['devices']>[number];

/** As in `tools/registry`. */
export function announced({ entity: { id, kind, area, config }, name }: Device): Known {
  return { id, name, kind, ...(area !== undefined && { area }), capabilities: can(kind, config) };
}

function can(kind: Entity['kind'], config: Entity['config']): string[] {
  const { device_class, set_position_topic, position_topic, percentage_command_topic } = config;
  switch (kind) {
    case 'light':
      return isDimmable(config) ? ['onoff', 'brightness'] : ['onoff'];
    case 'switch':
      return ['onoff'];
    case 'fan':
      return percentage_command_topic === undefined ? ['onoff'] : ['onoff', 'speed'];
    case 'cover':
      return (set_position_topic ?? position_topic) === undefined ? ['open'] : ['open', 'position'];
    case 'lock':
      return ['lock'];
    case 'scene':
      return ['activate'];
    case 'climate':
      return [
        ...(config.temperature_command_topic === undefined ? [] : ['target-temperature']),
        ...(config.current_temperature_topic === undefined ? [] : ['temperature']),
        ...(config.mode_command_topic === undefined ? [] : ['onoff']),
      ];
    case 'sensor':
    case 'binary_sensor':
      return device_class === undefined ? [] : [device_class];
  }
}
