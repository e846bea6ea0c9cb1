/** The command line of the router. */
import { runServiceCli } from '@hearth/runtime';
import { router } from './service.ts';

await runServiceCli({
  bin: 'hearth-router',
  about: 'Leads the turn: what was heard goes to the language model, its answer to the voice.',
  service: router,
  commands: [],
});
