/** hearth-memory: wires the memory service and its commands to the command line. */
import { runServiceCli } from '@hearth/runtime';
import { commands } from './commands.ts';
import { memoryService } from './service.ts';

await runServiceCli({
  bin: 'hearth-memory',
  about: 'Remembers what was said and finds it again.',
  service: memoryService,
  commands,
});
