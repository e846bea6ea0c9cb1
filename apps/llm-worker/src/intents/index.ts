/** Everything that the builtin engine understands, in the order of precedence. */
import { arithmetic } from './arithmetic.ts';
import { clock } from './clock.ts';
import { control } from './control.ts';
import { deviceIntents, type KnownDevices } from './devices.ts';
import type { Intent } from './intent.ts';
import { memory } from './memory.ts';
import { music } from './music.ts';
import { smalltalk } from './smalltalk.ts';

export interface Understood {
  readonly intents: readonly Intent[];
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/** @param devices those of the home, as far as they are known */
export function understood(devices: KnownDevices): Understood {
  const groups = [control, clock, arithmetic, memory, deviceIntents(devices), music, smalltalk];
  return {
    intents: groups.flatMap(({ intents }) => intents),
    lists: Object.fromEntries(groups.flatMap(({ lists = {} }) => Object.entries(lists))),
  };
}
