/** hearth-stt: wires the speech-to-text service and its commands to the command line. */
import { runServiceCli } from '@hearth/runtime';
import { commands } from './commands.ts';
import { sttService } from './service.ts';

await runServiceCli({
  bin: 'hearth-stt',
  about: 'Hears what was said: speech to text.',
  service: sttService,
  commands,
});
