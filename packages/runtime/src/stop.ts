/** Tells a process when it is to end: signals, the end of its supervisor, the end of the npm that started it. */
import { UserError } from './user-error.ts';

/** What shells report for a program that Ctrl-C ended: 128 + SIGINT. */
export const EXIT_INTERRUPTED = 130;

/** npm passes Ctrl-C on to a process that the terminal has told already: that is one wish, not two. */
const SAME_WISH_MS = 1_000;
const PARENT_CHECK_MS = 500;

/** Aborts at the first SIGINT, SIGTERM or SIGHUP, or when the supervisor of this process ends. A later one ends at once. */
export function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    if (!stop.signal.aborted) {
      firstAt = performance.now();
      stop.abort(new UserError('INTERRUPTED', 'Stopped.'));
    } else if (performance.now() - firstAt > SAME_WISH_MS) {
      process.exit(EXIT_INTERRUPTED);
    }
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  if (process.env['HEARTH_SUPERVISED'] === '1') process.once('disconnect', onSignal);
  if (process.env['npm_command'] !== undefined) endWithParent(onSignal);
  return stop.signal;
}

/**
 * npm hands a signal to the shell that it started us with; the shell dies of it and tells nobody. That we have another
 * parent then is all there is to see.
 */
function endWithParent(stop: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_CHECK_MS);
  timer.unref();
}
