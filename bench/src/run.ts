/** Runs benches one after the other on one broker, and leaves nothing behind, however it ends. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from '@hearth/runtime';
import { timed } from './alternate.ts';
import type { Bench, BenchContext } from './bench.ts';
import { startBroker } from './broker.ts';
import { endAll } from './children.ts';
import type { Figure } from './figure.ts';
import { describeMachine } from './machine.ts';
import { createReport, type Outcome, type Report } from './report.ts';

type Tell = (line: string) => void;

/** @throws UserError INTERRUPTED at Ctrl-C */
export async function runBenches(benches: readonly Bench[], tell: Tell): Promise<Report> {
  const root = await mkdtemp(path.join(tmpdir(), 'hearth-bench-'));
  // For what makes its own temporary folders.
  process.env['TMPDIR'] = root;
  const startedAt = new Date();
  const interrupted = interruption();
  try {
    const broker = await startBroker();
    try {
      const machine = await describeMachine(broker.name);
      const folder = () => mkdtemp(path.join(root, 'data-'));
      const all = runAll(benches, { broker, folder }, tell);
      return createReport(startedAt, machine, await Promise.race([all, interrupted]));
    } finally {
      await endAll();
      await broker.stop();
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function runAll(
  benches: readonly Bench[],
  context: Omit<BenchContext, 'tell'>,
  tell: Tell,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { name, about, run } of benches) {
    tell(`${name}: ${about}`);
    let figures: readonly Figure[] = [];
    let error: string | undefined;
    const durationMs = await timed(async () => {
      try {
        figures = await run({ ...context, tell: (line) => tell(`${name}: ${line}`) });
      } catch (thrown) {
        // One bench that cannot run says nothing about the others.
        error = thrown instanceof Error ? thrown.message : String(thrown);
        tell(`${name}: failed: ${error}`);
      }
    });
    outcomes.push({ bench: name, durationMs, figures, ...(error !== undefined && { error }) });
  }
  return outcomes;
}

function interruption(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () =>
      reject(new UserError('INTERRUPTED', `ended by ${signal}`, { exitCode: 130 })),
    );
  }
  return promise;
}
