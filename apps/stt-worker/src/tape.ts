/** The sound of one turn, from the last moment that may still be needed on. */

export interface Tape {
  push(samples: Int16Array): void;
  /** Behind the last sample, counted from the first one ever pushed. */
  readonly end: number;
  /** A copy; what was forgotten is left out. */
  cut(start: number, end: number): Int16Array<ArrayBuffer>;
  forget(before: number): void;
}

export function createTape(): Tape {
  let pieces: { readonly start: number; readonly samples: Int16Array }[] = [];
  let end = 0;
  return {
    get end() {
      return end;
    },
    push(samples) {
      if (samples.length > 0) pieces.push({ start: end, samples });
      end += samples.length;
    },
    cut(from, to) {
      const first = Math.max(from, pieces[0]?.start ?? end);
      const copy = new Int16Array(Math.max(0, Math.min(to, end) - first));
      for (const { start, samples } of pieces) {
        const part = samples.subarray(Math.max(0, first - start), Math.max(0, to - start));
        if (part.length > 0) copy.set(part, Math.max(0, start - first));
      }
      return copy;
    },
    forget(before) {
      pieces = pieces.filter(({ start, samples }) => start + samples.length > before);
    },
  };
}
