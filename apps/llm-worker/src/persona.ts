/** Who the assistant is when a language model speaks for it: read from a file, told as instructions. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT_CONFIG, UserError } from '@hearth/runtime';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

const text = z.string().min(1).max(2_000);

const personaSchema = z.strictObject({
  name: z.string().min(1).max(64).default('Hearth'),
  /** How it speaks, in a sentence or two. */
  style: text.optional(),
  /** What it is like: a list of words, or each with a percentage as `humor: 75`. */
  traits: z
    .union([z.array(text).max(50), z.record(z.string(), z.union([z.number(), text]))])
    .default([]),
  /** Anything else that it should know or do. */
  instructions: z.string().max(8_000).optional(),
});
export type Persona = z.infer<typeof personaSchema>;

/** @throws UserError `BAD_PERSONA`, exit code 78, that names the file and what is wrong with it */
export async function readPersona(file: string | undefined): Promise<Persona> {
  if (!file) return personaSchema.parse({});
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw bad(file, `cannot be read (${error.code})`);
  });
  const persona = personaSchema.safeParse(parse(file, content) ?? {});
  if (!persona.success) throw bad(file, `is wrong:\n${z.prettifyError(persona.error)}`);
  return persona.data;
}

function parse(file: string, content: string): unknown {
  try {
    return path.extname(file) === '.toml' ? parseToml(content) : parseYaml(content);
  } catch (error) {
    throw bad(
      file,
      `cannot be parsed: ${error instanceof Error ? error.message : 'unknown reason'}`,
    );
  }
}

function bad(file: string, what: string): UserError {
  return new UserError('BAD_PERSONA', `The persona file ${file} ${what}`, {
    exitCode: EXIT_CONFIG,
  });
}

/** A name that was made up, as the command line has, would tell a model nothing. */
const ROOM = /^[\p{L} _-]+\d?$/u;

export interface Moment {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly timeZone: string;
  readonly siteId?: string | undefined;
}

export function instructionsFor(persona: Persona, { now, timeZone, siteId }: Moment): string {
  const { name, style, instructions } = persona;
  const traits = traitsOf(persona);
  return [
    `You are ${name}, a voice assistant in a home. What you write is read aloud: answer in one to three short sentences of plain speech, without lists, markup, emoji or web addresses.`,
    'Use the tools where they help, and say so when one fails. Never invent what you do not know.',
    ...(style ? [`Style: ${style}`] : []),
    ...(traits ? [`Traits: ${traits}.`] : []),
    ...(instructions ? [instructions.trim()] : []),
    `It is ${clock(now, timeZone)} (${timeZone}).${siteId && ROOM.test(siteId) ? ` You are asked in the room "${siteId}".` : ''}`,
  ].join('\n');
}

function traitsOf({ traits }: Persona): string {
  if (Array.isArray(traits)) return traits.join(', ');
  return Object.entries(traits)
    .map(([trait, level]) => `${trait} ${typeof level === 'number' ? `${level} %` : level}`)
    .join(', ');
}

function clock(now: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-US', {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone,
  });
  return format.format(now);
}
