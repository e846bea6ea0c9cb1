import { expect, it } from 'vitest';
import type { Figure } from './figure.ts';
import type { Machine } from './machine.ts';
import { createReport, renderReport } from './report.ts';

const machine: Machine = {
  cores: 2,
  cpu: 'Some CPU',
  memoryMb: 8_000,
  os: 'linux 6.1',
  node: 'v24.0.0',
  broker: 'mosquitto 2.0.21',
  commit: '0123456789ab',
  load: 0.1,
};
const startedAt = new Date('2026-01-02T03:04:05Z');

function reportOf(...figures: Figure[]) {
  return createReport(startedAt, machine, [{ bench: 'bus', durationMs: 1, figures }]);
}

function figure(more: Partial<Figure>): Figure {
  return { name: 'call', unit: 'ms', value: 3, ...more };
}

const baseline = { name: 'echo', value: 2 };

it('sets each figure beside its baseline', () => {
  const [call] = reportOf(figure({ baseline })).benches[0]?.figures ?? [];
  expect(call).toMatchObject({ value: 3, baseline, ratio: 1.5 });
  expect(call).not.toHaveProperty('met');
});

it.each([
  ['the value itself', figure({ target: { of: 'value', atMost: 3 } }), true],
  ['the value itself', figure({ target: { of: 'value', atMost: 2.9 } }), false],
  ['the ratio', figure({ baseline, target: { of: 'ratio', atMost: 1.5 } }), true],
  ['the ratio', figure({ baseline, target: { of: 'ratio', atMost: 1.4 } }), false],
  ['the excess over the baseline', figure({ baseline, target: { of: 'excess', atMost: 1 } }), true],
  [
    'the excess over the baseline',
    figure({ baseline, target: { of: 'excess', atMost: 0 } }),
    false,
  ],
  ['a ratio to nothing, which meets none', figure({ target: { of: 'ratio', atMost: 9 } }), false],
])('measures a target by %s', (_what, measured, met) => {
  const report = reportOf(measured);
  expect(report.benches[0]?.figures[0]?.met).toBe(met);
  expect([report.met, report.missed]).toEqual(met ? [1, 0] : [0, 1]);
});

it('takes no target for met where work failed', () => {
  const target = { of: 'value', atMost: 9 } as const;
  expect(reportOf(figure({ target, failures: 1 })).missed).toBe(1);
});

it('gives no ratio to a baseline of nothing', () => {
  const [call] =
    reportOf(figure({ baseline: { name: 'idle', value: 0 } })).benches[0]?.figures ?? [];
  expect(call).not.toHaveProperty('ratio');
});

it('shows value, baseline, ratio, target and verdict in one line', () => {
  const target = { of: 'ratio', atMost: 2.5 } as const;
  const table = renderReport(reportOf(figure({ baseline, target })));
  expect(table).toMatch(/^ {2}call +3\.00 ms +2\.00 ms +echo +x 1\.50 +<= x 2\.5 +met$/m);
  expect(table).toContain('1 targets met, 0 missed');
});

it('names a target that is missed, and what is to be known', () => {
  const target = { of: 'value', atMost: 1 } as const;
  const table = renderReport(reportOf(figure({ target, note: 'on one leg' })));
  expect(table).toMatch(/call +3\.00 ms +<= 1 ms +MISSED$/m);
  expect(table).toContain('(on one leg)');
});

it('says why a bench gave no figures, and that others were running', () => {
  const busy = { ...machine, load: 3 };
  const outcome = { bench: 'turn', durationMs: 1, figures: [], error: 'not ready: router' };
  const table = renderReport(createReport(startedAt, busy, [outcome]));
  expect(table).toContain('failed: not ready: router');
  expect(table).toContain('load 3.0');
});

it('survives the way into a file', () => {
  const report = reportOf(figure({ baseline }));
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});
