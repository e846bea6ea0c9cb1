/** Cuts long text into what one call of the engine takes, so that a stop and other sites need not wait long. */

/** 10 s of speech, half a second of flite. */
const UNIT_CHARS = 160;

/** Best place first: behind a sentence, behind a clause, between words. */
const BREAKS = [/[.!?]["')]?\s(?=\S)/g, /[,;:]\s/g, /\s/g] as const;
/** A cut before this much of the unit would leave a crumb. */
const MIN_SHARE = 0.3;

/** @param text one line. Units are trimmed, not empty, and at most `maxChars` long. */
export function cutUnits(text: string, maxChars = UNIT_CHARS): string[] {
  const units: string[] = [];
  let rest = text.trim();
  while (rest.length > maxChars) {
    const end = cutPoint(rest.slice(0, maxChars));
    units.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return rest === '' ? units : [...units, rest];
}

function cutPoint(head: string): number {
  for (const pattern of BREAKS) {
    const last = [...head.matchAll(pattern)].at(-1);
    const end = last ? last.index + last[0].length : 0;
    if (end > head.length * MIN_SHARE) return end;
  }
  // One endless word: never between the halves of a character outside the basic plane.
  return /[\uD800-\uDBFF]$/.test(head) ? head.length - 1 : head.length;
}
