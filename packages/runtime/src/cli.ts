/** The command line of a service: `serve` and what it can do alone, `--help` with its settings, plain error messages. */
import { Command } from 'commander';
import type { z } from 'zod';
import { type BaseSettings, baseSettings, readSettings } from './config.ts';
import { createLog, type Log } from './log.ts';
import { runService, type ServiceSpec } from './service.ts';
import { readStatus } from './status.ts';
import { stopOnSignals } from './stop.ts';
import { UserError } from './user-error.ts';
import { VERSION } from './version.ts';

export interface CommandSpec<Settings> {
  readonly name: string;
  /** As in a usage line, e.g. `<file>` or `[text...]`. */
  readonly args: string;
  readonly about: string;
  readonly options?: readonly { readonly flags: string; readonly about: string }[];
  run(context: CommandContext<Settings>): Promise<void>;
}

export interface CommandContext<Settings> {
  readonly settings: Settings & BaseSettings;
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly log: Log;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  /** Prints `json` with `--json`, `human` without: once per command. */
  readonly print: (human: string, json: object) => void;
}

export interface ServiceCli<Shape extends z.ZodRawShape> {
  /** Name of the program, e.g. `hearth-stt`. */
  readonly bin: string;
  readonly about: string;
  readonly service: ServiceSpec<Shape>;
  readonly commands: readonly CommandSpec<z.infer<z.ZodObject<Shape>>>[];
}

/** Reads `process.argv`, runs the command, sets `process.exitCode`. */
export async function runServiceCli<Shape extends z.ZodRawShape>(
  cli: ServiceCli<Shape>,
): Promise<void> {
  const program = new Command(cli.bin).description(cli.about).version(VERSION);
  program.addHelpText('after', `\n${settingsHelp(cli.service.settings)}`);
  program.showHelpAfterError(`(${cli.bin} --help shows what there is)`);
  const stop = stopOnSignals();
  program
    .command('serve', { isDefault: true })
    .description('run as a service on the bus (the default)')
    .allowExcessArguments(false)
    .action(async () => {
      const { settings, log } = await prepare(cli);
      process.exitCode = await runService(cli.service, settings, { log, stop });
    });
  for (const command of [statusCommand(cli), ...cli.commands]) {
    addCommand(program, cli, command, stop);
  }
  await runProgram(program);
}

/** Parses and runs; errors meant for people become one plain line and an exit code. */
export async function runProgram(program: Command): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    tell(error);
  }
  // Threads of engines and idle sockets must not keep a finished command alive.
  process.exit();
}

function addCommand<Shape extends z.ZodRawShape>(
  program: Command,
  cli: ServiceCli<Shape>,
  spec: CommandSpec<z.infer<z.ZodObject<Shape>>>,
  signal: AbortSignal,
): void {
  const command = program.command(`${spec.name} ${spec.args}`.trim()).description(spec.about);
  for (const { flags, about } of spec.options ?? []) command.option(flags, about);
  command.option('--json', 'print one JSON object and nothing else');
  command.action(async () => {
    const { settings, log } = await prepare(cli, 'warn');
    const options: Record<string, string | boolean | undefined> = command.opts();
    const print = (human: string, json: object) => {
      process.stdout.write(`${options['json'] ? JSON.stringify(json) : human}\n`);
    };
    await spec.run({ settings, args: command.args, options, log, signal, print });
  });
}

function statusCommand<Shape extends z.ZodRawShape>({
  service,
}: ServiceCli<Shape>): CommandSpec<z.infer<z.ZodObject<Shape>>> {
  return {
    name: 'status',
    args: '',
    about: 'how the running service is; exit code 0 when it is ready',
    async run({ settings, log, print }) {
      const report = await readStatus(service.name, settings, log);
      print(report.reason ? `${report.state}: ${report.reason}` : report.state, report);
      if (report.state !== 'ready') process.exitCode = 1;
    },
  };
}

async function prepare<Shape extends z.ZodRawShape>(
  { service }: ServiceCli<Shape>,
  quietLevel?: string,
) {
  const settings = await readSettings(service.name, service.settings, process.env);
  const level = process.env['LOG_LEVEL'] ? settings.LOG_LEVEL : (quietLevel ?? settings.LOG_LEVEL);
  const log = await createLog({ name: service.name, level, format: settings.LOG_FORMAT });
  return { settings, log };
}

function tell(error: unknown): void {
  if (error instanceof UserError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
    return;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}

function settingsHelp(own: z.ZodObject): string {
  const lines = Object.entries({ ...own.shape, ...baseSettings.shape }).map(([name, schema]) => {
    const initial = schema.safeParse(undefined);
    const shown = initial.success && initial.data !== undefined ? ` [${initial.data}]` : '';
    return `  ${name.padEnd(24)} ${schema.description ?? ''}${shown}`;
  });
  return ['Settings (environment or hearth.yaml):', ...lines].join('\n');
}
