/** The command line of the TTS worker. */
import { runServiceCli } from '@hearth/runtime';
import { synthesize, voices } from './commands.ts';
import { ttsWorker } from './service.ts';

await runServiceCli({
  bin: 'hearth-tts',
  about: 'Speaks: text to speech on the bus, or into a file.',
  service: ttsWorker,
  commands: [synthesize, voices],
});
