/** Measures how much of the gold evidence the memory finds, through the engine that the service uses. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEngine, preciseNow, type RunningEngine } from '@hearth/runtime';
import { engineSpec, type Settings } from '../config.ts';
import type { Store } from '../engines/store.ts';
import type { Conversation, GoldQuestion } from './locomo.ts';

const DEPTHS = [1, 5, 10] as const;
const MOST = 10;
const BATCH = 100;

export interface Answered {
  readonly category: number;
  /** Share of the gold evidence among the first 1, 5 and 10 passages. */
  readonly recall: readonly number[];
  readonly ms: number;
}

export interface Measured {
  readonly name: string;
  readonly turns: number;
  readonly answered: readonly Answered[];
}

export interface Score {
  readonly questions: number;
  readonly recall: Readonly<Record<`at${(typeof DEPTHS)[number]}`, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Each conversation has a memory of its own, as each house has. */
export async function measure(
  { name, entries, questions }: Conversation,
  settings: Omit<Settings, 'HEARTH_DATA_DIR'>,
): Promise<Measured> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-eval-'));
  try {
    const store = await openEngine<Store>(engineSpec({ ...settings, HEARTH_DATA_DIR: folder }));
    try {
      for (let at = 0; at < entries.length; at += BATCH) {
        await store.call('store', entries.slice(at, at + BATCH));
      }
      const answered: Answered[] = [];
      for (const question of questions) answered.push(await ask(store, question));
      return { name, turns: entries.length, answered };
    } finally {
      await store.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function ask(
  store: RunningEngine<Store>,
  { text, category, gold }: GoldQuestion,
): Promise<Answered> {
  const start = preciseNow();
  const passages = await store.call('query', { text, topK: MOST });
  const ms = preciseNow() - start;
  const recall = DEPTHS.map((depth) => {
    const found = passages.slice(0, depth).filter(({ turnId }) => gold.has(turnId ?? ''));
    return found.length / gold.size;
  });
  return { category, recall, ms };
}

export function scoreOf(answered: readonly Answered[]): Score {
  const mean = (depth: number): number =>
    answered.reduce((sum, { recall }) => sum + (recall[depth] ?? 0), 0) / answered.length;
  const times = answered.map(({ ms }) => ms).sort((a, b) => a - b);
  const quantile = (share: number): number => times[Math.floor((times.length - 1) * share)] ?? 0;
  return {
    questions: answered.length,
    recall: { at1: mean(0), at5: mean(1), at10: mean(2) },
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  };
}
