/** The pieces of one answer, from their arrival until they are handed out to be spoken. */
import { createSpeakable } from '@hearth/core';
import { TtsError } from '../errors.ts';
import type { Limits, Piece, TurnContext } from './ports.ts';
import { cutUnits } from './units.ts';

/** What one call of the engine speaks. */
export interface Unit {
  readonly text: string;
  readonly voice?: string | undefined;
  readonly speed?: number | undefined;
}

export interface Turn {
  readonly context: TurnContext;
  /** Aborts when the turn has ended, however. */
  readonly signal: AbortSignal;
  /**
   * A piece that came before is left out: QoS 1 repeats.
   * @throws TtsError QUEUE_FULL
   */
  add(piece: Piece): void;
  /** In the order of `seq`; undefined when nothing waits. */
  take(): Unit | undefined;
  /** True when something waits, or nothing will come any more. */
  readonly ready: boolean;
  /** The last piece has come and nothing waits. */
  readonly complete: boolean;
  /** False when it had ended before: there is one end per turn. */
  end(): boolean;
  /** Counted while it is spoken. */
  readonly spoken: {
    frames: number;
    audioMs: number;
    rateHz: number | undefined;
    lastSent: boolean;
  };
}

export function createTurn(context: TurnContext, limits: Limits): Turn {
  const ended = new AbortController();
  const speakable = createSpeakable();
  const seen = new Set<number>();
  const pieces: Piece[] = [];
  let units: Unit[] = [];
  let hasLast = false;

  /** Pieces become units as late as possible: only in the right order does an open code block end where it should. */
  function refill(): void {
    while (units.length === 0) {
      const piece = pieces.shift();
      if (!piece) return;
      const { voice, speed } = piece;
      units = cutUnits(speakable(piece.text)).map((text) => ({ text, voice, speed }));
    }
  }

  return {
    context,
    signal: ended.signal,
    spoken: { frames: 0, audioMs: 0, rateHz: undefined, lastSent: false },
    add(piece) {
      if (seen.has(piece.seq)) return;
      const chars = pieces.reduce((sum, { text }) => sum + text.length, piece.text.length);
      if (seen.size >= limits.pieces || chars > limits.chars) {
        throw new TtsError('QUEUE_FULL', 'the answer is longer than the queue');
      }
      seen.add(piece.seq);
      hasLast ||= piece.last;
      const after = pieces.findIndex(({ seq }) => seq > piece.seq);
      pieces.splice(after < 0 ? pieces.length : after, 0, piece);
    },
    take() {
      refill();
      return units.shift();
    },
    get ready() {
      refill();
      return units.length > 0 || hasLast;
    },
    get complete() {
      refill();
      return hasLast && units.length === 0;
    },
    end() {
      if (ended.signal.aborted) return false;
      ended.abort();
      return true;
    },
  };
}
