import { describe, expect, it, vi } from 'vitest';
import { waitUntilReady } from './readiness.ts';
import type { ServiceRow } from './service-row.ts';

const NEVER = new AbortController().signal;
const LIMITS = { timeoutMs: 60_000, giveUpAfterDeaths: 3, signal: NEVER, settleMs: 10_000 };

function crewOf(...states: string[]) {
  const listeners = new Set<() => unknown>();
  let now = states;
  const rows = (): ServiceRow[] =>
    now.map((state, index) => ({
      name: `service-${index}`,
      state,
      ready: state === 'ready' || state === 'degraded',
      restarts: 0,
    }));
  const become = (...next: string[]) => {
    now = next;
    for (const listener of listeners) listener();
  };
  return { children: [], rows, listeners, become };
}

describe('readiness', () => {
  it('waits for a service that is degraded for a moment', async () => {
    const crew = crewOf('ready', 'degraded');
    let ready = false;
    const waiting = waitUntilReady(crew, LIMITS).then(() => (ready = true));
    crew.become('ready', 'degraded');
    expect(ready).toBe(false);
    crew.become('ready', 'ready');
    await waiting;
    expect(crew.listeners.size).toBe(0);
  });

  it('takes a service that stays degraded as it is', async () => {
    vi.useFakeTimers();
    try {
      const waiting = waitUntilReady(crewOf('ready', 'degraded'), LIMITS);
      await vi.advanceTimersByTimeAsync(10_000);
      await expect(waiting).resolves.toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it('names who is missing at the deadline', async () => {
    const waiting = waitUntilReady(crewOf('ready', 'starting'), { ...LIMITS, timeoutMs: 1 });
    await expect(waiting).rejects.toMatchObject({
      code: 'NOT_READY',
      message: 'Not ready after 0 s: service-1 starting',
    });
  });
});
