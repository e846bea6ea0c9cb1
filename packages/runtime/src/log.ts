/** Structured logs on stderr: stdout belongs to results. Never log words that were said: ids, lengths and durations only. */
import { type Logger, pino } from 'pino';

export type Log = Logger;

export interface LogOptions {
  readonly name: string;
  readonly level: string;
  /** `pretty` for people, `json` for machines. */
  readonly format: 'pretty' | 'json';
}

const STDERR = 2;

export async function createLog({ name, level, format }: LogOptions): Promise<Log> {
  const options = { name, level, base: { name }, errorKey: 'error' };
  if (format === 'json') return pino(options, pino.destination({ dest: STDERR, sync: true }));
  const { PinoPretty } = await import('pino-pretty');
  const stream = PinoPretty({
    destination: STDERR,
    sync: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'name',
    messageFormat: '{name}: {msg}',
  });
  return pino(options, stream);
}
