/** Cuts the output of a child process into lines, hands each on and keeps the last few. */
import type { Readable } from 'node:stream';

const MAX_LINE_LENGTH = 2_000;

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
    const text = line.trimEnd();
    if (text === '') return;
    const cut = text.length > MAX_LINE_LENGTH ? `${text.slice(0, MAX_LINE_LENGTH)}…` : text;
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
