/** What the end of one connection means for the next try: which version of MQTT, and how long to wait. */
import { CLOSED, type ConnectionError } from './connection.ts';
import { isDoubleId, refusesVersion } from './reasons.ts';

/** A connection that held this long starts over with the shortest pause. */
export const STEADY_MS = 30_000;
/** Two programs with one client id throw each other out as soon as they connect. */
const QUICK_MS = 5_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

export interface Try {
  readonly version: 4 | 5;
  readonly pauseMs: number;
  /** Tries in a row that led to nothing lasting. */
  readonly failures: number;
  /** Connections in a row that were closed quickly and without a word: in MQTT 3.1.1 a double client id looks like that. */
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
  const closed = error.reason === CLOSED;
  const quick = closed && error.made && heldMs < QUICK_MS && !busy;
  const quickLosses = quick ? last.quickLosses + 1 : 0;
  const doubled = isDoubleId(error, quickLosses);
  const failures = heldMs > STEADY_MS ? 1 : last.failures + 1;
  const fullMs = doubled
    ? LONGEST_PAUSE_MS
    : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
  return {
    // A broker that hangs up on an unknown version without a word gets the other one next.
    version: last.version === 5 && closed && !error.made ? 4 : 5,
    pauseMs: fullMs * (0.5 + random / 2),
    failures,
    quickLosses,
    doubled,
  };
}
