/** How long a process that died waits before it is started again. */

export interface BackOff {
  readonly firstMs: number;
  readonly maxMs: number;
  /** A process that lived this long was well: the next wait is the first one again. */
  readonly resetAfterMs: number;
}

export const BACK_OFF: BackOff = { firstMs: 500, maxMs: 30_000, resetAfterMs: 60_000 };

/** @param deaths how often in a row it died young, 1 for the first time */
export function waitMs(deaths: number, { firstMs, maxMs }: BackOff): number {
  return Math.min(maxMs, firstMs * 2 ** Math.max(0, deaths - 1));
}
