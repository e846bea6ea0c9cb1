/** The command line of a service: `serve` and what it can do alone, `--help` with its settings, plain error messages. */
import { Command, CommanderError } from 'commander';
import type { z } from 'zod';
import { type BaseSettings, baseSettings, readSettings } from './config.ts';
import { RuntimeError } from './errors.ts';
import { createLog, type Log } from './log.ts';
import { runService, type ServiceSpec } from './service.ts';
import { readStatus } from './status.ts';
import { stopOnSignals } from './stop.ts';
import { UserError } from './user-error.ts';
import { VERSION } from './version.ts';

/** As `hearth` has it. */
const EXIT_USAGE = 2;

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
  program.exitOverride();
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
  const json = process.argv.includes('--json');
  process.stdout.on('error', endOnBrokenPipe);
  try {
    refuseUnknown(program, process.argv[2]);
    await program.parseAsync();
  } catch (error) {
    tell(error, json);
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

/** `serve` is what runs without a name, so commander would take any other word for an argument of it. */
function refuseUnknown(program: Command, name: string | undefined): void {
  if (name === undefined || name.startsWith('-') || name === 'help') return;
  if (program.commands.some((command) => command.name() === name)) return;
  program.error(`error: unknown command '${name}'`, { exitCode: EXIT_USAGE });
}

/** Errors meant for people become one plain line and an exit code; with `--json` an object on stdout, too. */
function tell(error: unknown, json: boolean): void {
  if (error instanceof CommanderError && error.exitCode === 0) return;
  const { code, exitCode } = facts(error);
  const message = error instanceof Error ? error.message : String(error);
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  process.exitCode = exitCode;
  // commander has said it already.
  if (error instanceof CommanderError) return;
  const trace = error instanceof Error && !(error instanceof UserError) ? error.stack : message;
  process.stderr.write(`${trace}\n`);
}

function facts(error: unknown): { code: string; exitCode: number } {
  if (error instanceof UserError) return error;
  if (error instanceof CommanderError) return { code: 'USAGE', exitCode: EXIT_USAGE };
  return { code: error instanceof RuntimeError ? error.code : 'INTERNAL', exitCode: 1 };
}

/** `hearth-memory export | head` is no mishap. */
function endOnBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
}

function settingsHelp(own: z.ZodObject): string {
  const lines = Object.entries({ ...own.shape, ...baseSettings.shape }).map(([name, schema]) => {
    const initial = schema.safeParse(undefined);
    const shown = initial.success && initial.data !== undefined ? ` [${initial.data}]` : '';
    return `  ${name.padEnd(24)} ${schema.description ?? ''}${shown}`;
  });
  return ['Settings (environment or hearth.yaml):', ...lines].join('\n');
}
