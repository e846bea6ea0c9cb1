/** A log that tests can read. */
import { type Logger, pino } from 'pino';

export interface RecordedLog {
  readonly log: Logger;
  /** Each line as it would be written, JSON. */
  readonly lines: readonly string[];
}

/** A log that is kept instead of written; `level` is `info` by default. */
export function recordLog(level = 'info'): RecordedLog {
  const lines: string[] = [];
  const log = pino({ level }, { write: (line: string) => void lines.push(line) });
  return { log, lines };
}
