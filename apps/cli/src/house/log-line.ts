/** Turns a log line of a service into one plain line for people: no stack, no JSON. */
import { z } from 'zod';

/** As pino writes it with `LOG_FORMAT=json`; what else is in it is for machines. */
const logLineSchema = z.object({
  level: z.number(),
  msg: z.string().optional(),
  error: z.object({ message: z.string() }).optional(),
});

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warning',
  50: 'error',
  60: 'fatal',
};

/** A line that is no log line stays as it is. */
export function plainLogLine(line: string): string {
  const parsed = logLineSchema.safeParse(parseJson(line));
  if (!parsed.success) return line;
  const { level, msg, error } = parsed.data;
  const text = [msg, error?.message].filter((part) => part !== undefined).join(': ');
  return `${LEVELS[level] ?? level}: ${text}`;
}

/** Part of a crash report of Node: it is for developers, the sentence with the error is for everybody. */
export function isStackLine(line: string): boolean {
  return /^\s|^file:\/\/|^node:|^Node\.js v|^\}$/.test(line);
}

function parseJson(line: string): unknown {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
