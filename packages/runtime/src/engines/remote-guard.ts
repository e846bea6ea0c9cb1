/** Guards calls to a server that may be away: a deadline, few retries, and a pause after failures in a row. */
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel';
import { RuntimeError } from '../errors.ts';
import { abandoned, untilAborted } from '../offload/limits.ts';
import { isTheirFault, remoteFailed } from './remote-error.ts';

/** Doubles with each retry. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;

const backoff = new ExponentialBackoff({
  initialDelay: FIRST_PAUSE_MS,
  maxDelay: LONGEST_PAUSE_MS,
});

const STATES = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  // Isolated by hand: never done here.
  [CircuitState.Isolated]: 'open',
} as const;

export interface RemoteGuardOptions {
  /** Stands in error messages. */
  readonly name: string;
  /** For a run with all of its tries. */
  readonly timeoutMs: number;
  /** So many failures in a row, and the server is not asked for a while. */
  readonly failuresToOpen?: number;
  /** How long it is left alone; then one run may try it. */
  readonly halfOpenAfterMs?: number;
  /** Tries after the first, for work that may be done twice. */
  readonly retries?: number;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** In ms since 1970: ends the run earlier than `timeoutMs` would. */
  readonly deadline?: number | undefined;
}

type Work<Value> = (signal: AbortSignal) => Promise<Value>;

export interface RemoteGuard {
  /**
   * `work` gets a signal that fires at the deadline: it is awaited no longer than that, whether it listens or not.
   * @throws RuntimeError REMOTE_FAILED with the error of the last try as cause; TIMEOUT, CANCELLED
   */
  run<Value>(work: Work<Value>, options?: RunOptions): Promise<Value>;
  readonly state: 'closed' | 'open' | 'half-open';
}

export function createRemoteGuard({
  name,
  timeoutMs,
  failuresToOpen = 3,
  halfOpenAfterMs = 10_000,
  retries = 1,
}: RemoteGuardOptions): RemoteGuard {
  const breaker = circuitBreaker(handleWhen(isTheirFault), {
    halfOpenAfter: halfOpenAfterMs,
    breaker: new ConsecutiveBreaker(failuresToOpen),
  });

  /** A failure of the breaker is a run that failed with all of its tries. */
  function policy(deadline: number) {
    const leavesTime = () => Date.now() + LONGEST_PAUSE_MS < deadline;
    const again = handleWhen((error) => isTheirFault(error) && leavesTime());
    return wrap(breaker, retry(again, { maxAttempts: retries, backoff }));
  }

  async function run<Value>(
    work: Work<Value>,
    stop: AbortSignal,
    deadline: number,
  ): Promise<Value> {
    const attempt = () => untilAborted(work(stop), stop, name).catch(toldApart);
    const toldApart = (thrown: unknown) => {
      // What `work` throws when it is stopped is of no interest.
      throw stop.aborted ? abandoned(stop, name) : thrown;
    };
    try {
      return await untilAborted(policy(deadline).execute(attempt, stop), stop, name);
    } catch (thrown) {
      if (thrown instanceof BrokenCircuitError) throw leftAlone(name);
      throw remoteFailed(name, thrown);
    }
  }

  return {
    async run(work, { signal, deadline = Number.POSITIVE_INFINITY } = {}) {
      const now = Date.now();
      const end = Math.min(deadline, now + timeoutMs);
      if (signal?.aborted) throw abandoned(signal, name);
      if (end <= now) throw new RuntimeError('TIMEOUT', `${name}: not done in time`);
      // One run is trying whether the server is back: the others do not wait for the outcome.
      if (breaker.state === CircuitState.HalfOpen) throw leftAlone(name);
      const stop = new AbortController();
      const late = () => stop.abort(new DOMException('deadline', 'TimeoutError'));
      const abort = () => stop.abort(signal?.reason);
      const timer = setTimeout(late, end - now);
      signal?.addEventListener('abort', abort, { once: true });
      try {
        return await run(work, stop.signal, end);
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      }
    },
    get state() {
      return STATES[breaker.state];
    },
  };
}

function leftAlone(name: string): RuntimeError {
  return new RuntimeError('REMOTE_FAILED', `${name}: not asked, because it failed several times`);
}
