/** What the worker can do without a broker: speak into a file, list its voices. */
import { writeFile } from 'node:fs/promises';
import { writeWav } from '@hearth/core';
import { type CommandSpec, RuntimeError, UserError } from '@hearth/runtime';
import { z } from 'zod';
import { settings } from './config.ts';
import { openTtsEngine } from './engine.ts';
import { TtsError } from './errors.ts';
import { synthesizeWhole } from './whole.ts';
import { asTtsError } from './wire-errors.ts';

type Settings = z.infer<typeof settings>;

const sayOptions = z.object({
  out: z.string().default('speech.wav'),
  voice: z.string().optional(),
  speed: settings.shape.TTS_SPEED.unwrap().optional(),
});

export const synthesize: CommandSpec<Settings> = {
  name: 'synthesize',
  args: '<text...>',
  about: 'speak a text into a WAV file',
  options: [
    { flags: '-o, --out <file>', about: 'the file, speech.wav by default' },
    { flags: '--voice <name>', about: 'instead of TTS_VOICE' },
    { flags: '--speed <factor>', about: 'instead of TTS_SPEED, 0.5 to 2' },
  ],
  async run({ settings, args, options, log, signal, print }) {
    const chosen = sayOptions.safeParse(options);
    if (!chosen.success) throw new UserError('BAD_OPTION', 'a speed is a number from 0.5 to 2');
    const { out, voice, speed = settings.TTS_SPEED } = chosen.data;
    const engine = await openTtsEngine(settings, log).catch(tell);
    const startMs = performance.now();
    const request = { text: args.join(' '), voice, speed };
    const { rateHz, samples } = await synthesizeWhole(engine, request, signal).catch(tell);
    const tookMs = Math.round(performance.now() - startMs);
    await writeFile(out, writeWav({ rateHz, channels: 1, samples })).catch(notWritten(out));
    const durationMs = Math.round((samples.length / rateHz) * 1000);
    print(`${out}: ${durationMs} ms of speech, made in ${tookMs} ms`, {
      file: out,
      rateHz,
      durationMs,
      tookMs,
    });
    await engine.close();
  },
};

export const voices: CommandSpec<Settings> = {
  name: 'voices',
  args: '',
  about: 'list the voices, the default one first',
  async run({ settings, log, print }) {
    const engine = await openTtsEngine(settings, log).catch(tell);
    const list = await engine.call('voices', undefined);
    const lines = list.map(({ name, language, rateHz }) => `${name}  ${language}  ${rateHz} Hz`);
    print(lines.join('\n'), { engine: engine.name, voices: list });
    await engine.close();
  },
};

function notWritten(file: string) {
  return (cause: unknown): never => {
    throw new UserError('NOT_WRITTEN', `cannot write ${file}`, { cause });
  };
}

/** What the user can change, a voice, a text or a setting, is told as a plain line. */
function tell(thrown: unknown): never {
  const error = asTtsError(thrown);
  const isOurs = error instanceof TtsError || error instanceof RuntimeError;
  throw isOurs ? new UserError(error.code, error.message, { cause: error }) : error;
}
