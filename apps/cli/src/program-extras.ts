/** The commands about what can be added to Hearth: `models` and `engines`. */
import type { Command } from 'commander';
import type { Invocation } from './commands/common.ts';
import { build } from './commands/build.ts';
import { add, listEngines, remove } from './commands/engines.ts';
import { listModels, pathOf, pull, verify } from './commands/models.ts';

interface Flags {
  readonly json?: true;
}

export type Run = (
  json: boolean | undefined,
  command: (invocation: Invocation) => Promise<number>,
) => Promise<void>;

const ABOUT_MODELS = `
Models go into HEARTH_MODELS_DIR (HEARTH_DATA_DIR/models). HEARTH_MODELS_MIRROR names a server that has the same files in
the same folders, for instance the models folder of another machine: python3 -m http.server --directory data/models`;

export function addModels(program: Command, run: Run): void {
  const models = program
    .command('models')
    .description('models for engines: what there is, fetch, check, find')
    .addHelpText('after', ABOUT_MODELS);
  withJson(models.command('list'))
    .description('what there is, with size and licence, and what is here')
    .action(({ json }: Flags) => run(json, listModels));
  withJson(models.command('pull'))
    .argument('<name>', 'as `hearth models list` shows it')
    .description('fetch a model; goes on where an earlier try ended')
    .action((name: string, { json }: Flags) => run(json, (invocation) => pull(invocation, name)));
  withJson(models.command('verify'))
    .argument('[name]', 'all that are here, without it')
    .description('check the files against their checksums; exit code 1 when one is broken')
    .action((name: string | undefined, { json }: Flags) =>
      run(json, (invocation) => verify(invocation, name)),
    );
  withJson(models.command('path'))
    .argument('<name>', 'as `hearth models list` shows it')
    .description('print where a model is')
    .action((name: string, { json }: Flags) => run(json, (invocation) => pathOf(invocation, name)));
  withJson(models.command('build'))
    .argument('<name>', 'whisper-node')
    .description('compile what an engine brings as source; takes some minutes')
    .action((name: string, { json }: Flags) => run(json, (invocation) => build(invocation, name)));
}

const ABOUT_ENGINES = `
Engines go into HEARTH_ENGINES_DIR (HEARTH_DATA_DIR/engines), with exact versions. Nothing of what they bring is run
during the installation, and variants for graphics cards are left out.`;

export function addEngines(program: Command, run: Run): void {
  const engines = program
    .command('engines')
    .description('heavy engines that do not come with Hearth: list, install, remove')
    .addHelpText('after', ABOUT_ENGINES);
  withJson(engines.command('list'))
    .description('what can be installed, and what is')
    .action(({ json }: Flags) => run(json, listEngines));
  withJson(engines.command('add'))
    .argument('<name>', 'as `hearth engines list` shows it')
    .description('install an engine from npm; when that fails, all stays as it is')
    .action((name: string, { json }: Flags) => run(json, (invocation) => add(invocation, name)));
  withJson(engines.command('remove'))
    .argument('<name>', 'as `hearth engines list` shows it')
    .description('remove an engine')
    .action((name: string, { json }: Flags) => run(json, (invocation) => remove(invocation, name)));
}

function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON object and nothing else');
}
