/** Runs one command from its arguments to the end of the process: signals, errors in plain words, exit code. */
import { RuntimeError, stopOnSignals, UserError } from '@hearth/runtime';
import { CommanderError } from 'commander';
import { createProgram } from './program.ts';
import { EXIT } from './show/screen.ts';
import { NO_TURN } from './turn/turn-report.ts';

/** Their JSON has the same fields, whether there was a turn or not. */
const TURN_COMMANDS: ReadonlySet<string> = new Set(['listen', 'ask']);

export async function runCli(argv: readonly string[]): Promise<void> {
  const signal = stopOnSignals();
  const json = argv.includes('--json');
  process.stdout.on('error', endOnBrokenPipe);
  try {
    const program = createProgram(signal);
    if (argv.length <= 2) program.outputHelp();
    else await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = signal.aborted ? EXIT.interrupted : tell(error, json ? argv[2] : undefined);
  }
  // Sockets of a half-finished command must not keep the process alive.
  process.stdout.write('', () => process.exit());
}

/**
 * @param jsonCommand the command whose result is awaited as JSON
 * @returns the exit code
 */
function tell(error: unknown, jsonCommand: string | undefined): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
  const { code, message, exitCode } = explain(error);
  if (jsonCommand !== undefined) {
    const noTurn = TURN_COMMANDS.has(jsonCommand) ? NO_TURN : {};
    process.stdout.write(`${JSON.stringify({ ...noTurn, error: { code, message } })}\n`);
  }
  // commander has said it already.
  if (!(error instanceof CommanderError)) process.stderr.write(`${message}\n`);
  return exitCode;
}

interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly exitCode: number;
}

function explain(error: unknown): Explanation {
  if (error instanceof CommanderError) {
    return { code: 'USAGE', message: error.message, exitCode: EXIT.usage };
  }
  if (error instanceof UserError) {
    const { code, message, exitCode } = error;
    return { code, message, exitCode };
  }
  if (error instanceof RuntimeError) {
    const { code, message } = error;
    return { code, message, exitCode: EXIT.failed };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'INTERNAL', message, exitCode: EXIT.failed };
}

/** `hearth watch | head` is no mishap. */
function endOnBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
}
