/** The tree of commands: names, arguments, options, help. */
import { UserError, VERSION } from '@hearth/runtime';
import { Command, InvalidArgumentError } from 'commander';
import { ask } from './commands/ask.ts';
import { broker } from './commands/broker.ts';
import type { Invocation } from './commands/common.ts';
import { listen } from './commands/listen.ts';
import { say } from './commands/say.ts';
import { up } from './commands/up.ts';
import { watch } from './commands/watch.ts';
import { addEngines, addModels } from './program-extras.ts';
import { createScreen, EXIT } from './show/screen.ts';
import { readCliSettings } from './settings.ts';

/** The longest wait that makes sense for one turn. */
const MAX_TIMEOUT_S = 3_600;
const DEFAULT_TIMEOUT_S = 60;
/** As the contracts of `text/in` and `tts/synthesize` have it. */
const MAX_QUESTION_LENGTH = 4_000;
const MAX_SAY_LENGTH = 2_000;

const ABOUT_EXITS = `
Exit codes: 0 answered or stopped as told, 1 failed, 2 wrong usage, 3 heard but not understood, 78 wrong settings, 130 Ctrl-C.
Settings: HEARTH_DATA_DIR (./data), HEARTH_PORT (1883), MQTT_URL, MQTT_USERNAME, MQTT_PASSWORD, HEARTH_PREFIX (hearth), LOG_LEVEL,
HEARTH_MODELS_DIR and HEARTH_ENGINES_DIR (in the data folder), HEARTH_MODELS_MIRROR.
The assistant is looked for at MQTT_URL, else where 'hearth up' wrote it into the data folder, else on port 1883;
where none runs, one is started for the command and stopped after it.`;

/** @param signal aborts at Ctrl-C */
export function createProgram(signal: AbortSignal): Command {
  const program = new Command('hearth')
    .description('A voice assistant that lives at home.')
    .version(VERSION)
    .showHelpAfterError('(hearth --help shows what there is)')
    .exitOverride()
    .addHelpText('after', ABOUT_EXITS);
  addUp(program, signal);
  addListen(program, signal);
  addAsk(program, signal);
  addSay(program, signal);
  addWatch(program, signal);
  addBroker(program, signal);
  addModels(program, (json, command) => run(json, signal, command));
  addEngines(program, (json, command) => run(json, signal, command));
  return program;
}

/** Reads the settings, runs the command and keeps its exit code. */
async function run(
  json: boolean | undefined,
  signal: AbortSignal,
  command: (invocation: Invocation) => Promise<number>,
): Promise<void> {
  const settings = await readCliSettings(process.env);
  process.exitCode = await command({ settings, screen: createScreen(json ?? false), signal });
}

function addUp(program: Command, signal: AbortSignal): void {
  program
    .command('up')
    .description('start the broker and all workers, and keep them running until Ctrl-C')
    .option('--port <port>', 'port of the embedded broker; 0 takes a free one', toPort)
    .option('--first-turn', 'ask it something at once, to see that everything works')
    .option('--once', 'with the first turn, and stop after it')
    .option('--json', 'print one JSON object: the services, or the first turn')
    .action((options: { port?: number; firstTurn?: true; once?: true; json?: true }) =>
      run(options.json, signal, (invocation) =>
        up(invocation, {
          port: options.port,
          firstTurn: Boolean(options.firstTurn || options.once),
          once: Boolean(options.once),
        }),
      ),
    );
}

interface TurnFlags {
  readonly out?: string;
  readonly timeout: number;
  readonly json?: true;
}

function addListen(program: Command, signal: AbortSignal): void {
  withTurnOptions(program.command('listen'))
    .argument('<file>', 'a WAV file: any rate, any number of channels')
    .description('play a recording to the assistant, as a satellite would')
    .option('--realtime', 'at the pace of a microphone and a loudspeaker')
    .action((file: string, options: TurnFlags & { realtime?: true }) =>
      run(options.json, signal, (invocation) =>
        listen(invocation, file, {
          realtime: Boolean(options.realtime),
          out: options.out,
          timeoutMs: options.timeout * 1_000,
        }),
      ),
    );
}

function addAsk(program: Command, signal: AbortSignal): void {
  withTurnOptions(program.command('ask'))
    .argument('<text...>', 'the question')
    .description('ask the assistant something, typed')
    .option('--speak', 'keep the spoken answer as a WAV file, too')
    .action((words: string[], options: TurnFlags & { speak?: true }) =>
      run(options.json, signal, (invocation) =>
        ask(invocation, toText(words, MAX_QUESTION_LENGTH), {
          speak: Boolean(options.speak),
          out: options.out,
          timeoutMs: options.timeout * 1_000,
        }),
      ),
    );
}

function withTurnOptions(command: Command): Command {
  return command
    .option('--out <file>', 'where the answer goes as WAV; else into the data folder')
    .option('--timeout <seconds>', 'how long the turn may take', toSeconds, DEFAULT_TIMEOUT_S)
    .option('--json', 'print one JSON object and nothing else');
}

function addSay(program: Command, signal: AbortSignal): void {
  program
    .command('say')
    .argument('<text...>', 'what is to be said')
    .description('turn a text into speech, as a WAV file')
    .option('--out <file>', 'where it goes; else into the data folder')
    .option('--voice <name>', 'another voice than the usual one')
    .option('--speed <factor>', '0.5 to 2', toSpeed)
    .option('--json', 'print one JSON object and nothing else')
    .action(
      (words: string[], options: { out?: string; voice?: string; speed?: number; json?: true }) =>
        run(options.json, signal, (invocation) =>
          say(invocation, toText(words, MAX_SAY_LENGTH), {
            out: options.out,
            voice: options.voice,
            speed: options.speed,
          }),
        ),
    );
}

function addWatch(program: Command, signal: AbortSignal): void {
  program
    .command('watch')
    .description('show topics and turns as they happen; words are hidden')
    .option('--show-text', 'show what people say, too')
    .option('--json', 'one JSON object per line')
    .action((options: { showText?: true; json?: true }) =>
      run(options.json, signal, (invocation) =>
        watch(invocation, { showText: Boolean(options.showText) }),
      ),
    );
}

function addBroker(program: Command, signal: AbortSignal): void {
  program
    .command('broker')
    .description('the embedded MQTT broker alone, on 127.0.0.1')
    .option('--port <port>', '1883 by default; 0 takes a free one', toPort)
    .option('--json', 'print one JSON object: where it listens')
    .action((options: { port?: number; json?: true }) =>
      run(options.json, signal, (invocation) => broker(invocation, { port: options.port })),
    );
}

function toPort(value: string): number {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && value.trim() !== '') return port;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}

function toSeconds(value: string): number {
  const seconds = Number(value);
  if (seconds > 0 && seconds <= MAX_TIMEOUT_S) return seconds;
  throw new InvalidArgumentError(`It must be a number of seconds up to ${MAX_TIMEOUT_S}.`);
}

function toSpeed(value: string): number {
  const speed = Number(value);
  if (speed >= 0.5 && speed <= 2) return speed;
  throw new InvalidArgumentError('It must be between 0.5 and 2.');
}

function toText(words: readonly string[], maxLength: number): string {
  const text = words.join(' ').trim();
  if (text === '') throw new UserError('NO_TEXT', 'The text is empty.', { exitCode: EXIT.usage });
  if (text.length <= maxLength) return text;
  const message = `The text is too long: ${text.length} characters, and ${maxLength} are the most.`;
  throw new UserError('TEXT_TOO_LONG', message, { exitCode: EXIT.usage });
}
