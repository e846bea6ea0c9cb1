/** Cuts the output of a child process into lines, hands each on and keeps the last few. */
import type { Readable } from 'node:stream';
import { plainLogLine } from './log-line.ts';

/** A log line with a stack is a few thousand characters long. */
const MAX_LINE_LENGTH = 20_000;
const MAX_SHOWN_LENGTH = 500;

export interface LineTail {
  read(stream: Readable): void;
  /** Oldest first. */
  readonly lines: readonly string[];
  clear(): void;
}

export interface LineTailOptions {
  readonly keep: number;
  readonly onLine: (line: string) => void;
}

export function createLineTail({ keep, onLine }: LineTailOptions): LineTail {
  const lines: string[] = [];

  function take(line: string): void {
    if (line.trim() === '') return;
    const text = plainLogLine(line.trimEnd());
    const cut = text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
    lines.push(cut);
    if (lines.length > keep) lines.shift();
    onLine(cut);
  }

  return {
    lines,
    read(stream) {
      let rest = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        const parts = (rest + chunk).split('\n');
        rest = parts.pop() ?? '';
        for (const part of parts) take(part);
        // A line without an end must not grow for ever.
        if (rest.length > MAX_LINE_LENGTH) {
          take(rest);
          rest = '';
        }
      });
      stream.on('end', () => take(rest));
    },
    clear() {
      lines.length = 0;
    },
  };
}
