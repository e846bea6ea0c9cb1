/** `npm run eval:memory -- --data FILE --json`: how well the memory finds what was said, on a file in LoCoMo's format. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { settings } from '../config.ts';
import { type Conversation, readLocomo } from './locomo.ts';
import { measure, type Measured, type Score, scoreOf } from './recall.ts';

const ROOT = path.resolve(import.meta.dirname, '../../../..');
const CATEGORIES: Readonly<Record<number, string>> = {
  1: 'several turns',
  2: 'time',
  3: 'to be inferred',
  4: 'one turn',
};

async function main(): Promise<void> {
  const { data, json } = read();
  const conversations = await load(data);
  const measured: Measured[] = [];
  for (const conversation of conversations) {
    measured.push(await measure(conversation, settings.parse({})));
  }
  const report = reportOf(path.basename(data), measured);
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : tableOf(report));
}

function read(): { data: string; json: boolean } {
  const options = { data: { type: 'string' }, json: { type: 'boolean', default: false } } as const;
  const { values } = parseArgs({ options });
  const folder = path.resolve(ROOT, process.env['HEARTH_TEST_DATA'] ?? '../shared/data');
  // npm runs scripts in the root, whatever folder they were called from.
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const fallback = path.join(folder, 'locomo', 'locomo-a.json');
  return { data: values.data ? path.resolve(from, values.data) : fallback, json: values.json };
}

async function load(file: string): Promise<Conversation[]> {
  const content = await readFile(file, 'utf8').catch(() => {
    throw new Error(
      `There is no file ${file}. Name one in LoCoMo's format with --data FILE, or set HEARTH_TEST_DATA to a folder with locomo/locomo-a.json.`,
    );
  });
  try {
    const conversations = readLocomo(JSON.parse(content));
    if (conversations.some(({ questions }) => questions.length > 0)) return conversations;
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`${file} is not in LoCoMo's format: ${why}`, { cause: error });
  }
  throw new Error(`${file} has no question of the categories 1 to 4 with evidence.`);
}

interface Report {
  readonly data: string;
  readonly total: Score;
  readonly conversations: readonly (Score & { readonly name: string; readonly turns: number })[];
  readonly categories: readonly (Score & { readonly category: number })[];
}

function reportOf(data: string, measured: readonly Measured[]): Report {
  const all = measured.flatMap(({ answered }) => answered);
  const present = [...new Set(all.map(({ category }) => category))].sort((a, b) => a - b);
  return {
    data,
    total: scoreOf(all),
    conversations: measured
      .filter(({ answered }) => answered.length > 0)
      .map(({ name, turns, answered }) => ({ name, turns, ...scoreOf(answered) })),
    categories: present.map((category) => ({
      category,
      ...scoreOf(all.filter((one) => one.category === category)),
    })),
  };
}

function tableOf({ data, total, conversations, categories }: Report): string {
  const row = (name: string, score: Score): string =>
    [
      name.padEnd(24),
      String(score.questions).padStart(9),
      ...Object.values(score.recall).map((recall) => recall.toFixed(3).padStart(9)),
      ...[score.p50Ms, score.p99Ms].map((ms) => ms.toFixed(1).padStart(8)),
    ].join(' ');
  return [
    `Share of the evidence found, ${data}; milliseconds per question`,
    `${''.padEnd(24)} questions recall@1 recall@5 recall@10    p50      p99`,
    ...conversations.map((one) => row(`${one.name} (${one.turns} turns)`, one)),
    ...categories.map((one) => row(CATEGORIES[one.category] ?? String(one.category), one)),
    row('all', total),
    '',
  ].join('\n');
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
