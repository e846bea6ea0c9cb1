/** Everything that the builtin engine understands, in the order of precedence. */
import { arithmetic } from './arithmetic.ts';
import { clock } from './clock.ts';
import { control } from './control.ts';
import { devices } from './devices.ts';
import type { Intent } from './intent.ts';
import { memory } from './memory.ts';
import { music } from './music.ts';
import { smalltalk } from './smalltalk.ts';

const GROUPS = [control, clock, arithmetic, memory, devices, music, smalltalk];

export const INTENTS: readonly Intent[] = GROUPS.flatMap(({ intents }) => intents);

export const LISTS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  GROUPS.flatMap(({ lists = {} }) => Object.entries(lists)),
);
