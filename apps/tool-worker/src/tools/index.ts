/** The tools that Hearth brings along. */
import type { Bus } from '@hearth/runtime';
import type { Home } from '../devices/home.ts';
import { calculatorTool } from './calculator.ts';
import { clockTool } from './clock.ts';
import { deviceTools } from './devices.ts';
import { memoryTools } from './memory.ts';
import type { Tool } from './tool.ts';

export interface OwnToolsOptions {
  readonly bus: Bus;
  readonly home: Home;
  readonly timeZone: string;
}

export function ownTools({ bus, home, timeZone }: OwnToolsOptions): Tool[] {
  return [clockTool(timeZone), calculatorTool(), ...memoryTools(bus), ...deviceTools(home)];
}
