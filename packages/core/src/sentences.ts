/** Cuts a growing text where a voice would pause: the first piece at a clause, so that speaking begins early, then whole sentences. */
import { endsClause, endsSentence } from './boundary.ts';

export interface SentenceCutter {
  /** @returns the pieces that are certain by now; a boundary is certain when it is known what follows */
  push(text: string): string[];
  /** @returns the rest */
  end(): string[];
}

export interface SentenceCutterOptions {
  /** Whether the first piece may be a clause, e.g. `Well, `. True unless said otherwise. */
  readonly firstClause?: boolean;
  /** A shorter clause is not worth the pause behind it. The punctuation counts, the space around it does not. */
  readonly minFirstChars?: number;
  /** A piece is never longer; what has no boundary is cut at a space, or else anywhere. */
  readonly maxChars?: number;
}

/** About 25 seconds of speech. */
const DEFAULT_MAX_CHARS = 400;

/** All pieces joined are the text, to the last space, and they do not depend on how the text was chunked. */
export function createSentenceCutter(options: SentenceCutterOptions = {}): SentenceCutter {
  const { firstClause = true, minFirstChars = 4, maxChars = DEFAULT_MAX_CHARS } = options;
  let piece = '';
  let first = firstClause;

  function boundaryBefore(next: string): boolean {
    if (endsSentence(piece, next)) return true;
    return first && endsClause(piece, next) && piece.trim().length >= minFirstChars;
  }

  /** Whatever was cut: the rest of `piece` from `at` on is the beginning of the next one. */
  function cut(at: number): string {
    const done = piece.slice(0, at);
    piece = piece.slice(at);
    first = false;
    return done;
  }

  return {
    push(text) {
      const pieces: string[] = [];
      // One code unit at a time: so each decision depends on the text alone, never on where a chunk ended.
      for (let i = 0; i < text.length; i++) {
        const next = text.charAt(i);
        if (boundaryBefore(next)) pieces.push(cut(piece.length));
        else if (piece.length >= maxChars) pieces.push(cut(lastResort(piece)));
        piece += next;
      }
      return pieces;
    },
    end() {
      return piece === '' ? [] : [cut(piece.length)];
    },
  };
}

/** Where a piece without a boundary is cut: behind a comma or the like in its second half, behind a space, or at its end. */
function lastResort(piece: string): number {
  const clause = lastMatch(piece, /(?<=[,;:]\s+|[，、；：])(?=\S)/gu);
  if (clause > piece.length / 2) return clause;
  const space = lastMatch(piece, /(?<=\s)/gu);
  if (space > 0) return space;
  // A pair of surrogates is one character.
  return /[\uD800-\uDBFF]$/.test(piece) && piece.length > 1 ? piece.length - 1 : piece.length;
}

function lastMatch(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].at(-1)?.index ?? 0;
}
