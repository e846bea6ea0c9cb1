/** How far the audio sent to a site is ahead of what its player has played. */

export interface Pace {
  /** How long to wait before more may be sent; 0 or less when it may. */
  waitMs(nowMs: number): number;
  sent(audioMs: number, nowMs: number): void;
  paused(nowMs: number): void;
  resumed(nowMs: number): void;
  /** The player threw away what it had. */
  dropped(): void;
}

export function createPace(aheadMs: number): Pace {
  /** When everything that was sent will have been played. */
  let playedAtMs = Number.NEGATIVE_INFINITY;
  let pausedAtMs = 0;
  return {
    waitMs: (nowMs) => playedAtMs - nowMs - aheadMs,
    sent(audioMs, nowMs) {
      playedAtMs = Math.max(playedAtMs, nowMs) + audioMs;
    },
    paused(nowMs) {
      pausedAtMs = nowMs;
    },
    resumed(nowMs) {
      if (playedAtMs > pausedAtMs) playedAtMs += nowMs - pausedAtMs;
    },
    dropped() {
      playedAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}
