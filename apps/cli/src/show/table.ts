/** The state of all services: a table that is redrawn in place on a terminal, one line per change elsewhere. */
import type { ServiceRow } from '../house/service-row.ts';

/** What is needed of `process.stdout`. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface Table {
  update(rows: readonly ServiceRow[]): void;
  /** A line of text above the table. */
  line(text: string): void;
  /** Leaves the table as it stands. */
  close(): void;
}

const ESC = '\u001b[';
const COLOURS: Readonly<Record<string, string>> = {
  ready: '32',
  degraded: '33',
  starting: '36',
  stopping: '36',
  restarting: '31',
  failed: '31',
  offline: '31',
};
/** No file name, no window is this wide; a pipe has no width at all. */
const DEFAULT_COLUMNS = 100;

export function createTable(output: Output): Table {
  return output.isTTY ? createLiveTable(output) : createPlainTable(output);
}

function createLiveTable(output: Output): Table {
  let drawn = 0;
  let lines: readonly string[] = [];

  function draw(above: string): void {
    const up = drawn > 0 ? `${ESC}${drawn}F${ESC}0J` : '';
    output.write(up + above + lines.map((line) => `${line}\n`).join(''));
    drawn = lines.length;
  }

  return {
    update(rows) {
      lines = tableLines(rows, output.columns ?? DEFAULT_COLUMNS);
      draw('');
    },
    line(text) {
      draw(`${text}\n`);
    },
    close() {
      drawn = 0;
      lines = [];
    },
  };
}

/** Each line fits the window: a line that wraps could not be drawn over. */
function tableLines(rows: readonly ServiceRow[], columns: number): string[] {
  return rows.map((row) => {
    const restarts = row.restarts > 0 ? `restarted ${row.restarts}x  ` : '';
    const pid = row.pid === undefined ? '' : `pid ${row.pid}`;
    const end = `${pid.padEnd(12)}${restarts}${row.reason ?? ''}`.trimEnd();
    const room = Math.max(0, columns - 1 - 2 - 16 - 12);
    return `  ${row.name.padEnd(16)}${colour(row.state.padEnd(12), row.state)}${end.slice(0, room)}`;
  });
}

function colour(text: string, state: string): string {
  const code = COLOURS[state];
  return code === undefined ? text : `${ESC}${code}m${text}${ESC}0m`;
}

function createPlainTable(output: Output): Table {
  const shown = new Map<string, string>();
  return {
    update(rows) {
      for (const row of rows) {
        const text = plainRow(row);
        if (shown.get(row.name) === text) continue;
        shown.set(row.name, text);
        output.write(`${text}\n`);
      }
    },
    line(text) {
      output.write(`${text}\n`);
    },
    close() {
      shown.clear();
    },
  };
}

function plainRow({ name, state, pid, reason }: ServiceRow): string {
  const who = pid === undefined ? '' : ` (pid ${pid})`;
  const why = reason === undefined ? '' : `: ${reason}`;
  return `${name} ${state}${who}${why}`;
}
