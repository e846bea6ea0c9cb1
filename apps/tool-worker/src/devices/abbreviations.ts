/** The short forms of Home Assistant's discovery, of the fields that Hearth reads. */

const WORDS: Readonly<Record<string, string>> = {
  '~': '~',
  avty: 'availability',
  avty_mode: 'availability_mode',
  avty_t: 'availability_topic',
  avty_tpl: 'availability_template',
  bri_cmd_t: 'brightness_command_topic',
  bri_cmd_tpl: 'brightness_command_template',
  bri_scl: 'brightness_scale',
  bri_stat_t: 'brightness_state_topic',
  bri_val_tpl: 'brightness_value_template',
  cmd_t: 'command_topic',
  cmd_tpl: 'command_template',
  cmps: 'components',
  curr_temp_t: 'current_temperature_topic',
  curr_temp_tpl: 'current_temperature_template',
  dev: 'device',
  dev_cla: 'device_class',
  en: 'enabled_by_default',
  ent_cat: 'entity_category',
  max_temp: 'max_temp',
  min_temp: 'min_temp',
  mode_cmd_t: 'mode_command_topic',
  mode_cmd_tpl: 'mode_command_template',
  mode_stat_t: 'mode_state_topic',
  mode_stat_tpl: 'mode_state_template',
  o: 'origin',
  obj_id: 'object_id',
  on_cmd_type: 'on_command_type',
  opt: 'optimistic',
  p: 'platform',
  pct_cmd_t: 'percentage_command_topic',
  pct_cmd_tpl: 'percentage_command_template',
  pct_stat_t: 'percentage_state_topic',
  pct_val_tpl: 'percentage_value_template',
  pl_avail: 'payload_available',
  pl_cls: 'payload_close',
  pl_lock: 'payload_lock',
  pl_not_avail: 'payload_not_available',
  pl_off: 'payload_off',
  pl_on: 'payload_on',
  pl_open: 'payload_open',
  pl_stop: 'payload_stop',
  pl_unlk: 'payload_unlock',
  pos_clsd: 'position_closed',
  pos_open: 'position_open',
  pos_t: 'position_topic',
  pos_tpl: 'position_template',
  set_pos_t: 'set_position_topic',
  set_pos_tpl: 'set_position_template',
  spd_rng_max: 'speed_range_max',
  spd_rng_min: 'speed_range_min',
  stat_closing: 'state_closing',
  stat_clsd: 'state_closed',
  stat_locked: 'state_locked',
  stat_off: 'state_off',
  stat_on: 'state_on',
  stat_open: 'state_open',
  stat_opening: 'state_opening',
  stat_stopped: 'state_stopped',
  stat_t: 'state_topic',
  stat_unlocked: 'state_unlocked',
  stat_val_tpl: 'state_value_template',
  sup_clrm: 'supported_color_modes',
  t: 'topic',
  temp_cmd_t: 'temperature_command_topic',
  temp_cmd_tpl: 'temperature_command_template',
  temp_stat_t: 'temperature_state_topic',
  temp_stat_tpl: 'temperature_state_template',
  temp_unit: 'temperature_unit',
  uniq_id: 'unique_id',
  unit_of_meas: 'unit_of_measurement',
  val_tpl: 'value_template',
};

const DEVICE_WORDS: Readonly<Record<string, string>> = {
  ids: 'identifiers',
  mdl: 'model',
  mf: 'manufacturer',
  sa: 'suggested_area',
};

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Long names throughout, and `~` in topics replaced by the base topic. */
export function expand(payload: Fields, outerBase?: string): Fields {
  const long = rename(payload, WORDS);
  const base = typeof long['~'] === 'string' ? long['~'] : outerBase;
  return Object.fromEntries(
    Object.entries(long).map(([key, value]) => {
      if (key === 'device' && isFields(value)) return [key, rename(value, DEVICE_WORDS)];
      if (key === 'availability') return [key, expandAvailability(value, base)];
      if (key === 'components' && isFields(value)) return [key, expandAll(value, base)];
      return [key, isTopic(key) ? withBase(value, base) : value];
    }),
  );
}

function expandAll(components: Fields, base: string | undefined): Fields {
  return Object.fromEntries(
    Object.entries(components).map(([id, component]) => [
      id,
      isFields(component) ? expand(component, base) : component,
    ]),
  );
}

function expandAvailability(value: unknown, base: string | undefined): unknown {
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  return entries.map((entry) => {
    if (!isFields(entry)) return entry;
    const long = rename(entry, WORDS);
    return { ...long, topic: withBase(long['topic'], base) };
  });
}

function rename(fields: Fields, words: Readonly<Record<string, string>>): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      (Object.hasOwn(words, key) ? words[key] : undefined) ?? key,
      value,
    ]),
  );
}

function isTopic(key: string): boolean {
  return key === 'topic' || key.endsWith('_topic');
}

function withBase(value: unknown, base: string | undefined): unknown {
  if (typeof value !== 'string' || base === undefined) return value;
  if (value.startsWith('~')) return base + value.slice(1);
  return value.endsWith('~') ? value.slice(0, -1) + base : value;
}
