/** What a device announces, in long names: the fields that Hearth reads, of all kinds of devices. */
import { z } from 'zod';

export const MAX_ID = 128;

const text = z.string().max(4_000);
/** Texts that are often given as JSON booleans or numbers; compared as Jinja would write them. */
const payload = z
  .union([z.string().max(1_000), z.number(), z.boolean()])
  .transform((value) => (typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value)));
const topic = z
  .string()
  .min(1)
  .max(1_000)
  .regex(/^[^+#\0]+$/);
/** A field that is there but broken counts as absent: one mistake must not hide a device. */
const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

const availabilitySchema = z.object({
  topic,
  payload_available: optional(payload),
  payload_not_available: optional(payload),
  value_template: optional(text),
});

export const configSchema = z.object({
  name: z.string().max(200).nullish().catch(undefined),
  unique_id: optional(z.string().min(1).max(MAX_ID)),
  device_class: optional(z.string().max(64)),
  entity_category: optional(z.string()),
  enabled_by_default: optional(z.boolean()),
  unit_of_measurement: optional(z.string().max(32)),
  schema: optional(z.string()),
  device: optional(
    z.object({
      name: optional(z.string().max(200)),
      suggested_area: optional(z.string().max(100)),
    }),
  ),
  availability: optional(z.array(availabilitySchema).max(20)),
  availability_mode: optional(z.enum(['all', 'any', 'latest'])),
  availability_topic: optional(topic),
  availability_template: optional(text),
  brightness: optional(z.boolean()),
  brightness_scale: optional(z.number().positive()),
  max_temp: optional(z.number()),
  min_temp: optional(z.number()),
  modes: optional(z.array(z.string()).max(50)),
  on_command_type: optional(z.enum(['first', 'last', 'brightness'])),
  optimistic: optional(z.boolean()),
  position_closed: optional(z.number()),
  position_open: optional(z.number()),
  speed_range_max: optional(z.number().positive()),
  speed_range_min: optional(z.number()),
  supported_color_modes: optional(z.array(z.string()).max(20)),
  temperature_unit: optional(z.string().max(8)),
  payload_available: optional(payload),
  payload_close: optional(payload),
  payload_lock: optional(payload),
  payload_not_available: optional(payload),
  payload_off: optional(payload),
  payload_on: optional(payload),
  payload_open: optional(payload),
  payload_stop: optional(payload),
  payload_unlock: optional(payload),
  state_closed: optional(payload),
  state_closing: optional(payload),
  state_locked: optional(payload),
  state_off: optional(payload),
  state_on: optional(payload),
  state_open: optional(payload),
  state_opening: optional(payload),
  state_stopped: optional(payload),
  state_unlocked: optional(payload),
  brightness_command_topic: optional(topic),
  brightness_state_topic: optional(topic),
  command_topic: optional(topic),
  current_temperature_topic: optional(topic),
  mode_command_topic: optional(topic),
  mode_state_topic: optional(topic),
  percentage_command_topic: optional(topic),
  percentage_state_topic: optional(topic),
  position_topic: optional(topic),
  set_position_topic: optional(topic),
  state_topic: optional(topic),
  temperature_command_topic: optional(topic),
  temperature_state_topic: optional(topic),
  brightness_command_template: optional(text),
  brightness_value_template: optional(text),
  command_template: optional(text),
  current_temperature_template: optional(text),
  mode_command_template: optional(text),
  mode_state_template: optional(text),
  percentage_command_template: optional(text),
  percentage_value_template: optional(text),
  position_template: optional(text),
  set_position_template: optional(text),
  state_value_template: optional(text),
  temperature_command_template: optional(text),
  temperature_state_template: optional(text),
  value_template: optional(text),
});
export type Config = z.infer<typeof configSchema>;
