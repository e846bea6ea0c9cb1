/** Tells the log and the topic `error` of messages that were dropped: why, never what they held. */
import { RuntimeError } from '../errors.ts';
import type { BusLog } from './bus-log.ts';

/** More than this in one minute are only counted, so that one broken client cannot flood the house. */
const PER_MINUTE = 10;
const MINUTE_MS = 60_000;

export interface Complaint {
  readonly code: string;
  readonly topic: string;
  readonly reason: string;
}

/** @param tell publishes a complaint; its failures are its own business */
export function createComplaints(log: BusLog, tell: (complaint: Complaint) => void) {
  let minute = 0;
  let told = 0;

  function allowed(): boolean {
    const now = Math.floor(Date.now() / MINUTE_MS);
    if (now !== minute) {
      if (told > PER_MINUTE)
        log.warn({ dropped: told - PER_MINUTE }, 'more broken messages dropped');
      minute = now;
      told = 0;
    }
    told++;
    return told <= PER_MINUTE;
  }

  return (topic: string, error: unknown): void => {
    if (!allowed()) return;
    const known = error instanceof RuntimeError;
    const reason = known ? error.message : 'unexpected failure';
    log.warn({ topic, reason }, 'message dropped');
    tell({
      code: known ? error.code : 'INTERNAL',
      topic: topic.slice(0, 256),
      reason: reason.slice(0, 500),
    });
  };
}
