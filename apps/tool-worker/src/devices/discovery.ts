/** Home Assistant's MQTT discovery: which devices announce themselves, in the form for one component and in that for a device. */
import { z } from 'zod';
import { expand } from './abbreviations.ts';
import { type Config, configSchema, MAX_ID } from './announced-config.ts';
import { areaOf, nameOf, spoken } from './names.ts';

const KINDS = [
  'light',
  'switch',
  'cover',
  'climate',
  'sensor',
  'binary_sensor',
  'lock',
  'fan',
  'scene',
] as const;
export type Kind = (typeof KINDS)[number];

/** One device has a few dozen components; a bridge may have more. */
const MAX_COMPONENTS = 200;

export interface Entity {
  readonly id: string;
  readonly kind: Kind;
  /** As people say it. */
  readonly name: string;
  /** Of the whole device, for the case that two entities have the same name. */
  readonly deviceName: string;
  readonly area: string | undefined;
  readonly config: Config;
}

const fieldsSchema = z.record(z.string(), z.unknown());

/**
 * @param topic behind the discovery prefix, e.g. `light/0x01/light/config`
 * @returns what is announced on this topic now; empty when it is taken back or nothing that Hearth knows; undefined when the
 *   payload is broken
 */
export function readDiscovery(topic: string, bytes: Uint8Array): Entity[] | undefined {
  const [, component, path] = /^(\w+)\/([\w-]+(?:\/[\w-]+)?)\/config$/.exec(topic) ?? [];
  if (component === undefined || path === undefined || bytes.length === 0) return [];
  if (component !== 'device' && !isKind(component)) return [];
  const fields = parse(bytes);
  if (!fields) return undefined;
  const object = path.replaceAll('/', '_');
  if (component !== 'device') return entityOf(component, object, fields);
  const { components, ...shared } = fields;
  const parts = fieldsSchema.safeParse(components);
  if (!parts.success) return undefined;
  return Object.entries(parts.data)
    .slice(0, MAX_COMPONENTS)
    .flatMap(([id, part]) => {
      const own = fieldsSchema.safeParse(part);
      const platform = own.data?.['platform'];
      if (!own.success || typeof platform !== 'string') return [];
      // With nothing but its platform, a component is taken back.
      if (Object.keys(own.data).length === 1) return [];
      return entityOf(platform, `${object}_${id}`, { ...shared, ...own.data });
    });
}

function parse(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const parsed = fieldsSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? { ...expand(parsed.data) } : undefined;
  } catch {
    return undefined;
  }
}

function isKind(component: string): component is Kind {
  return KINDS.some((kind) => kind === component);
}

function entityOf(component: string, object: string, fields: object): Entity[] {
  const parsed = configSchema.safeParse(fields);
  if (!parsed.success || !isKind(component) || !isForPeople(component, parsed.data)) return [];
  const config = parsed.data;
  const { device } = config;
  const called = nameOf(config.name ?? undefined, device?.name);
  const name = called === '' ? spoken(object) : called;
  return [
    {
      // Unique ids are unique within one kind only.
      id: `${component}.${config.unique_id ?? object}`.slice(0, MAX_ID),
      kind: component,
      name,
      deviceName: spoken(device?.name ?? ''),
      area: areaOf(device?.suggested_area, name),
      config,
    },
  ];
}

/** Settings and diagnostics of a device are no devices of the home; what can neither be read nor commanded is none either. */
function isForPeople(kind: Kind, config: Config): boolean {
  if (config.entity_category !== undefined || config.enabled_by_default === false) return false;
  if (kind === 'light' && config.schema === 'template') return false;
  if (kind === 'sensor' || kind === 'binary_sensor') return config.state_topic !== undefined;
  if (kind === 'climate') {
    return (config.temperature_command_topic ?? config.current_temperature_topic) !== undefined;
  }
  return (config.command_topic ?? config.set_position_topic) !== undefined;
}
