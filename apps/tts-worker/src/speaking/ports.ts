/** What speaking needs from outside: an engine, the wire, a clock. */
import type { FrameHeader, WireError } from '@hearth/contracts';
import type { Context } from '@hearth/runtime';
import type { Speech, SynthesisRequest } from '../engines/synthesizer.ts';

/** One `tts/say`. */
export interface Piece {
  readonly text: string;
  readonly seq: number;
  readonly last: boolean;
  readonly voice?: string | undefined;
  readonly speed?: number | undefined;
}

/** Where speech belongs: `siteId` and `turnId` are always known here. */
export interface TurnContext extends Context {
  readonly siteId: string;
  readonly turnId: string;
}

export type Status =
  | { readonly event: 'speaking-started' | 'stopped' | 'paused' | 'resumed' }
  | { readonly event: 'speaking-finished'; readonly audioMs: number }
  | { readonly event: 'failed'; readonly error: WireError };

export interface Ports {
  /** The audio as it comes. Throws when `signal` aborts. */
  synthesize(
    request: SynthesisRequest,
    context: TurnContext,
    signal: AbortSignal,
  ): AsyncIterable<Speech>;
  /** Resolves when the frame is on its way; rejects when it cannot be. Frames leave in the order of the calls. */
  sendFrame(
    header: FrameHeader,
    samples: Int16Array,
    options: { readonly context: TurnContext; readonly signal?: AbortSignal },
  ): Promise<void>;
  /** Never throws; statuses and frames leave in the order of the calls. */
  sendStatus(status: Status, context: TurnContext): void;
  /** What is sent when a turn fails. */
  describe(error: unknown): WireError;
  readonly clock: Clock;
}

export interface Clock {
  nowMs(): number;
  /** Rejects when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<unknown>;
}

export interface Limits {
  /** How far published audio may run ahead of its playing: what a player has to hold, and what a pause comes too late for. */
  readonly aheadMs: number;
  /** The longest wait for the next piece of an unfinished answer. A tool may take 30 s. */
  readonly idleMs: number;
  /** The longest pause. */
  readonly pauseMs: number;
  /** Turns that one site holds. */
  readonly turns: number;
  /** Pieces of one turn, all in all. */
  readonly pieces: number;
  /** Characters of one turn that wait to be spoken. */
  readonly chars: number;
  /** Sites that speak at once. */
  readonly sites: number;
}

/** 32,000 characters are the longest answer there is. */
export const LIMITS: Limits = {
  aheadMs: 3_000,
  idleMs: 60_000,
  pauseMs: 600_000,
  turns: 16,
  pieces: 2_000,
  chars: 32_000,
  sites: 64,
};
