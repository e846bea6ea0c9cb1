/** The command line of the tool worker. */
import { runServiceCli } from '@hearth/runtime';
import { callCommand, listCommand } from './commands.ts';
import { toolWorker } from './service.ts';

await runServiceCli({
  bin: 'hearth-tools',
  about: 'Uses tools: MCP servers, and the devices of the home.',
  service: toolWorker,
  commands: [listCommand, callCommand],
});
