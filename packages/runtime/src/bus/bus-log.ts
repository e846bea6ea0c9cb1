/** What the bus needs of a log. */
import type { Log } from '../log.ts';

export type BusLog = Pick<Log, 'debug' | 'info' | 'warn' | 'error'>;
