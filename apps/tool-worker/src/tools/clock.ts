/** The time, for models that cannot know it. */
import { z } from 'zod';
import { ownTool, said } from './own-tool.ts';
import type { Tool } from './tool.ts';

/** @param home time zone of the house */
export function clockTool(home: string, now: () => number = Date.now): Tool {
  return ownTool({
    name: 'clock',
    description: 'Tells the present date, weekday and time at home.',
    args: z.strictObject({}),
    run() {
      const at = now();
      const format = new Intl.DateTimeFormat('en-GB', {
        dateStyle: 'full',
        timeStyle: 'short',
        timeZone: home,
      });
      return said(`It is ${format.format(at)} (${home}).`, { ts: at, timeZone: home });
    },
  });
}
