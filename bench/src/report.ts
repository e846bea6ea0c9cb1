/** The figures of a run, as one object for machines and as a table for people. */
import type { Figure, Target } from './figure.ts';
import type { Machine } from './machine.ts';

/** What a bench gave, or why it gave nothing. */
export interface Outcome {
  readonly bench: string;
  readonly durationMs: number;
  readonly figures: readonly Figure[];
  readonly error?: string;
}

export interface Report {
  readonly startedAt: string;
  readonly machine: Machine;
  readonly benches: readonly ReportedOutcome[];
  /** Figures that have a target. */
  readonly met: number;
  readonly missed: number;
}

interface ReportedOutcome extends Omit<Outcome, 'figures'> {
  readonly figures: readonly ReportedFigure[];
}

interface ReportedFigure extends Figure {
  /** Value by baseline. */
  readonly ratio?: number;
  readonly met?: boolean;
}

export function createReport(
  startedAt: Date,
  machine: Machine,
  outcomes: readonly Outcome[],
): Report {
  const benches = outcomes.map((outcome) => ({
    ...outcome,
    figures: outcome.figures.map(withVerdict),
  }));
  const verdicts = benches.flatMap(({ figures }) => figures.map(({ met }) => met));
  return {
    startedAt: startedAt.toISOString(),
    machine,
    benches,
    met: verdicts.filter((met) => met === true).length,
    missed: verdicts.filter((met) => met === false).length,
  };
}

function withVerdict(figure: Figure): ReportedFigure {
  const { value, baseline, target, failures = 0 } = figure;
  const ratio = baseline && baseline.value > 0 ? value / baseline.value : undefined;
  const measured = target && { value, ratio, excess: value - (baseline?.value ?? 0) }[target.of];
  return {
    ...figure,
    ...(ratio !== undefined && { ratio }),
    // Without what the target is measured by, nothing shows that it is met.
    ...(target && {
      met: failures === 0 && measured !== undefined && measured <= target.atMost,
    }),
  };
}

const HEAD = ['', 'measured', 'baseline', '', 'ratio', 'target', ''];

export function renderReport({ startedAt, machine, benches, met, missed }: Report): string {
  const rows = benches.map(({ figures }) => figures.map(rowOf));
  const widths = HEAD.map((title, column) =>
    Math.max(title.length, ...rows.flat().map((row) => row[column]?.length ?? 0)),
  );
  const lines = [
    `${startedAt}  commit ${machine.commit}`,
    `${machine.cores} cores of ${machine.cpu}, ${machine.memoryMb} MB, ${machine.os}, Node ${machine.node}, ${machine.broker}`,
  ];
  if (machine.load > machine.cores / 2) {
    lines.push(`Other programs were running (load ${machine.load.toFixed(1)}): figures are noisy.`);
  }
  lines.push('', lineOf(HEAD, widths));
  for (const [index, { bench, error, figures }] of benches.entries()) {
    lines.push('', bench);
    if (error !== undefined) lines.push(`  failed: ${error}`);
    for (const [line, { note }] of figures.entries()) {
      lines.push(lineOf(rows[index]?.[line] ?? [], widths));
      if (note) lines.push(`    (${note})`);
    }
  }
  lines.push('', `${met} targets met, ${missed} missed`, '');
  return lines.join('\n');
}

function rowOf({ name, unit, value, baseline, ratio, target, met }: ReportedFigure): string[] {
  return [
    `  ${name}`,
    `${short(value)} ${unit}`,
    baseline ? `${short(baseline.value)} ${unit}` : '',
    baseline?.name ?? '',
    ratio === undefined ? '' : `x ${short(ratio)}`,
    target ? targetText(target, unit) : '',
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ];
}

function targetText({ of, atMost }: Target, unit: string): string {
  switch (of) {
    case 'value':
      return `<= ${atMost} ${unit}`;
    case 'ratio':
      return `<= x ${atMost}`;
    case 'excess':
      return `<= +${atMost} ${unit}`;
  }
}

/** Columns with numbers end at the same place. */
const RIGHT = new Set([1, 2, 4]);

function lineOf(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) =>
      RIGHT.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    )
    .join('  ')
    .trimEnd();
}

/** Three digits say enough. */
function short(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
