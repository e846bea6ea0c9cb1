/** The command line of the language model worker. */
import { runServiceCli } from '@hearth/runtime';
import { answerCommand, intentsCommand } from './commands.ts';
import { llmWorker } from './service.ts';

await runServiceCli({
  bin: 'hearth-llm',
  about: 'Answers what was asked, piece by piece.',
  service: llmWorker,
  commands: [answerCommand, intentsCommand],
});
