/** `npm run bench`: measures, prints a table, writes the figures as JSON. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { UserError } from '@hearth/runtime';
import type { Bench } from './bench.ts';
import { busBench } from './bus.bench.ts';
import { loopBench } from './loop.bench.ts';
import { offloadBench } from './offload.bench.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { recallBench } from './recall.bench.ts';
import { renderReport } from './report.ts';
import { runBenches } from './run.ts';
import { startBench } from './start.bench.ts';
import { turnBench } from './turn.bench.ts';

const BENCHES: readonly Bench[] = [
  busBench,
  offloadBench,
  recallBench,
  turnBench,
  startBench,
  loopBench,
];

async function main(): Promise<number> {
  const options = readOptions(
    process.argv.slice(2),
    BENCHES.map(({ name }) => name),
  );
  if (options.help) process.stdout.write(HELP);
  if (options.list) process.stdout.write(listOf(BENCHES));
  return options.help || options.list ? 0 : await measure(options);
}

async function measure({ only, json, strict }: Options): Promise<number> {
  const chosen = BENCHES.filter(({ name }) => only.length === 0 || only.includes(name));
  const report = await runBenches(chosen, (line) => process.stderr.write(`${line}\n`));
  await mkdir(path.dirname(json), { recursive: true });
  await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(`\n${renderReport(report)}\nThe same as JSON: ${json}\n`);
  const failed = report.benches.some(({ error }) => error !== undefined);
  return failed || (strict && report.missed > 0) ? 1 : 0;
}

function listOf(benches: readonly Bench[]): string {
  return benches.map(({ name, about }) => `${name.padEnd(8)}  ${about}\n`).join('');
}

try {
  process.exitCode = await main();
} catch (error) {
  const text = error instanceof UserError ? error.message : inspect(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = error instanceof UserError ? error.exitCode : 1;
}
// What was interrupted may have left connections open that are made again for ever.
process.exit();
