/** Questions to a memory of 10,000 entries: one alone, a hundred and a thousand at once, beside plain SQLite. */
import { DatabaseSync } from 'node:sqlite';
import { recall, storeMemory } from '@hearth/contracts';
import type { Bus } from '@hearth/runtime';
import { timed, times } from './alternate.ts';
import type { Bench } from './bench.ts';
import { type Figure, reading, type Target } from './figure.ts';
import { startHouse } from './house.ts';
import { questions, remarks } from './remarks.ts';

const ENTRIES = 10_000;
/** As many as one call of storeMemory takes. */
const PER_STORE = 100;
const TOP_K = 5;
const ALONE = 200;
const BATCHES = 5;
const AT_ONCE: readonly { readonly count: number; readonly target?: Target }[] = [
  { count: 100, target: { of: 'value', atMost: 1_000 } },
  { count: 1_000 },
];

export const recallBench: Bench = {
  name: 'recall',
  about: `recalls from ${ENTRIES.toLocaleString('en')} entries, alone and many at once`,
  async run({ broker: { url }, folder, tell }) {
    const house = await startHouse({ url, services: ['memory-worker'], folder: await folder() });
    const plain = createPlainMemory(remarks(ENTRIES));
    try {
      tell(`storing ${ENTRIES} entries`);
      await fill(house.bus);
      const figures = [await alone(house.bus, plain)];
      for (const batch of AT_ONCE) figures.push(await atOnce(house.bus, plain, batch));
      return figures;
    } finally {
      plain.close();
      await house.stop();
    }
  },
};

async function fill(bus: Bus): Promise<void> {
  const texts = remarks(ENTRIES);
  for (let at = 0; at < texts.length; at += PER_STORE) {
    const entries = texts
      .slice(at, at + PER_STORE)
      .map((text, i) => ({ role: 'user' as const, text, ts: at + i }));
    await bus.call(storeMemory, { entries });
  }
}

async function alone(bus: Bus, plain: PlainMemory): Promise<Figure> {
  const next = questions();
  const ask = () => bus.call(recall, { text: next(), topK: TOP_K });
  await times(ALONE / 4, ask);
  return {
    name: 'one recall, p50',
    unit: 'ms',
    ...reading(await times(ALONE, ask), 'p50'),
    baseline: { name: 'plain FTS5 query', ...reading(await plainly(plain, ALONE), 'p50') },
  };
}

async function atOnce(
  bus: Bus,
  plain: PlainMemory,
  { count, target }: (typeof AT_ONCE)[number],
): Promise<Figure> {
  const next = questions();
  const failed = new Map<string, number>();
  const batch = () =>
    Promise.all(
      Array.from({ length: count }, async () => {
        await bus.call(recall, { text: next(), topK: TOP_K }).catch((error: unknown) => {
          const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
          failed.set(code, (failed.get(code) ?? 0) + 1);
        });
      }),
    );
  const samples: number[] = [];
  const beside: number[] = [];
  for (let i = 0; i < BATCHES; i++) {
    beside.push(await timed(() => plainly(plain, count)));
    samples.push(await timed(batch));
  }
  const failures = [...failed].map(([code, times]) => `${times} ${code}`).join(', ');
  return {
    name: `${count.toLocaleString('en')} recalls at once, until the last reply, p50`,
    unit: 'ms',
    ...reading(samples, 'p50'),
    baseline: { name: 'plain FTS5 queries in a row', ...reading(beside, 'p50') },
    ...(target && { target }),
    ...(failures && {
      failures: [...failed.values()].reduce((sum, times) => sum + times, 0),
      note: `failed of ${count * BATCHES}: ${failures}`,
    }),
  };
}

interface PlainMemory {
  query(text: string): unknown;
  close(): void;
}

/** The same texts in a table in this process: no bus, no thread, no ranking but SQLite's own. */
function createPlainMemory(texts: readonly string[]): PlainMemory {
  const database = new DatabaseSync(':memory:');
  database.exec(
    "CREATE VIRTUAL TABLE entries USING fts5 (text, tokenize = 'porter unicode61'); BEGIN",
  );
  const insert = database.prepare('INSERT INTO entries (text) VALUES (?)');
  for (const text of texts) insert.run(text);
  database.exec('COMMIT');
  const select = database.prepare(
    'SELECT rowid, text FROM entries WHERE entries MATCH ? ORDER BY bm25(entries) LIMIT ?',
  );
  return {
    // Without `where`, which the memory leaves out as well.
    query: (text) => select.all(text.split(' ').slice(1).join(' OR '), TOP_K),
    close: () => database.close(),
  };
}

async function plainly(plain: PlainMemory, count: number): Promise<number[]> {
  const next = questions();
  return times(count, async () => plain.query(next()));
}
