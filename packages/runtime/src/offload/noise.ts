/** What a thread prints. Nobody sees it, but for the line that may tell why the thread died. */
import type { Readable } from 'node:stream';

/** Enough for one long line; what libraries print is not for people. */
const KEPT_OUTPUT = 2_000;
const SHOWN_OUTPUT = 200;
/** After loading, what is printed may repeat what was said: only a line that tells of a crash is shown. */
const CRASH = /^.{0,40}\b(abort|assert|fatal|out of memory|panic|segmentation)/i;

/** Swallows what the thread prints, so that our own output stays clean; keeps the end of stderr. */
export function listen({ stdout, stderr }: { stdout: Readable; stderr: Readable }) {
  let tail = '';
  stdout.resume();
  stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-KEPT_OUTPUT);
  });
  return {
    /** As long as these are read, they hold the process up, though the worker is unref'ed. */
    stop(): void {
      for (const stream of [stdout, stderr]) {
        // What the thread prints after this end has no place to go.
        stream.on('error', () => {});
        stream.push(null);
      }
    },
    lastWords(isLoaded: boolean): string {
      const lines = tail.split('\n').map((line) => line.trim());
      const last = lines.filter((line) => (isLoaded ? CRASH.test(line) : line !== '')).at(-1);
      return last ? `: ${last.slice(0, SHOWN_OUTPUT)}` : '';
    },
  };
}
