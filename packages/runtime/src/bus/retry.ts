/** What the end of one connection means for the next try: which version of MQTT, and how long to wait. */
import { CLOSED, type ConnectionError } from './connection.ts';
import { isDoubleId, refusesVersion } from './reasons.ts';

/** A connection that held this long is a good one: the next failure is a new story. */
export const STEADY_MS = 60_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

export interface Try {
  readonly version: 4 | 5;
  readonly pauseMs: number;
  /** Tries in a row that led to nothing lasting. */
  readonly failures: number;
  /**
   * Connections that were closed soon and without a word while the broker went on answering. A double client id looks
   * like that: two programs throw each other out as soon as they connect, and most brokers do not say why.
   */
  readonly quickLosses: number;
  /** Another program seems to have the same client id. */
  readonly doubled: boolean;
}

export const FIRST_TRY: Try = {
  version: 5,
  pauseMs: 0,
  failures: 0,
  quickLosses: 0,
  doubled: false,
};

export interface Ending {
  readonly error: ConnectionError;
  readonly heldMs: number;
  /** Publications were under way: one of them may be the cause. */
  readonly busy: boolean;
}

/** @param random 0 to 1; the jitter keeps a whole house from coming back in the same instant */
export function nextTry(last: Try, { error, heldMs, busy }: Ending, random: number): Try {
  if (last.version === 5 && refusesVersion(error)) return { ...last, version: 4, pauseMs: 0 };
  const quick = error.made && hungUp(error) && heldMs < STEADY_MS && !busy;
  const quickLosses = quick ? last.quickLosses + 1 : 0;
  const doubled = isDoubleId(error, quickLosses);
  const failures = heldMs > STEADY_MS ? 1 : last.failures + 1;
  const fullMs = doubled
    ? LONGEST_PAUSE_MS
    : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
  return {
    // A broker that hangs up on an unknown version without a word gets the other one next.
    version: last.version === 5 && hungUp(error) && !error.made ? 4 : 5,
    pauseMs: fullMs * (0.5 + random / 2),
    failures,
    quickLosses,
    doubled,
  };
}

/** Without a word; a reset is what is left of a close when something was still being sent. */
function hungUp({ reason }: ConnectionError): boolean {
  return reason === CLOSED || reason === 'ECONNRESET' || reason === 'EPIPE';
}
