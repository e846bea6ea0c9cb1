/** How far a download is: a bar that is redrawn on a terminal, a line now and then elsewhere. */
import type { Output } from './table.ts';

export interface Progress {
  update(done: number, total: number | undefined): void;
  /** Ends the line of the bar. */
  close(): void;
}

const REDRAW_MS = 100;
/** Elsewhere than on a terminal a line is told at every tenth. */
const PLAIN_STEPS = 10;
const BAR_WIDTH = 24;
const CLEAR_LINE = '\r\u001b[K';

export function createProgress(output: Output, name: string): Progress {
  return output.isTTY ? createBar(output, name) : createSteps(output, name);
}

function createBar(output: Output, name: string): Progress {
  let drawnMs = Number.NEGATIVE_INFINITY;
  let startMs: number | undefined;
  let startBytes = 0;

  function draw(done: number, total: number | undefined, nowMs: number): void {
    startMs ??= nowMs;
    const perSecond = (done - startBytes) / Math.max(0.001, (nowMs - startMs) / 1_000);
    const amount = total === undefined ? megabytes(done) : `${megabytes(done)}/${megabytes(total)}`;
    const line = `${name} ${bar(done, total)} ${amount} MB  ${megabytes(perSecond)} MB/s`;
    output.write(CLEAR_LINE + line.slice(0, (output.columns ?? 80) - 1));
  }

  return {
    update(done, total) {
      const nowMs = performance.now();
      if (startMs === undefined) startBytes = done;
      if (nowMs - drawnMs < REDRAW_MS && done !== total) return;
      drawnMs = nowMs;
      draw(done, total, nowMs);
    },
    close() {
      if (startMs !== undefined) output.write('\n');
    },
  };
}

function bar(done: number, total: number | undefined): string {
  if (!total) return '';
  const filled = Math.min(BAR_WIDTH, Math.floor((done / total) * BAR_WIDTH));
  const percent = Math.min(100, Math.floor((done / total) * 100));
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${String(percent).padStart(3)} %`;
}

function createSteps(output: Output, name: string): Progress {
  let told = 0;
  return {
    update(done, total) {
      if (!total) return;
      const step = Math.floor((done / total) * PLAIN_STEPS);
      if (step <= told) return;
      told = step;
      output.write(`${name}: ${step * PLAIN_STEPS} % of ${megabytes(total)} MB\n`);
    },
    close() {},
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
