/** Which turns are being answered, which were cancelled, and which requests were seen before. */

/** Ids that are remembered; the oldest is forgotten first. */
const REMEMBERED = 1_000;

interface RunningAnswer {
  readonly signal: AbortSignal;
  end(): void;
}

export interface Turns {
  /**
   * @param request same for a repeat of the same request
   * @returns undefined when it was begun before
   */
  begin(request: string, turnId: string | undefined): RunningAnswer | undefined;
  /** Aborts the answers to a turn; those that have not begun yet begin aborted. */
  cancel(turnId: string): void;
  /** Resolves when nothing is being answered. */
  idle(): Promise<void>;
}

export function createTurns(): Turns {
  const running = new Map<AbortController, string | undefined>();
  const seen = createRecent();
  const cancelled = createRecent();
  let waiting: (() => void)[] = [];

  function end(controller: AbortController): void {
    running.delete(controller);
    if (running.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  return {
    begin(request, turnId) {
      if (!seen.add(request)) return undefined;
      const controller = new AbortController();
      running.set(controller, turnId);
      if (turnId !== undefined && cancelled.has(turnId)) controller.abort();
      return { signal: controller.signal, end: () => end(controller) };
    },
    cancel(turnId) {
      cancelled.add(turnId);
      for (const [controller, id] of running) if (id === turnId) controller.abort();
    },
    idle() {
      if (running.size === 0) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.push(resolve);
      });
    },
  };
}

function createRecent() {
  const ids = new Set<string>();
  return {
    has: (id: string) => ids.has(id),
    /** @returns false when it was there before */
    add(id: string): boolean {
      if (ids.has(id)) return false;
      ids.add(id);
      for (const oldest of ids) {
        if (ids.size <= REMEMBERED) break;
        ids.delete(oldest);
      }
      return true;
    },
  };
}
