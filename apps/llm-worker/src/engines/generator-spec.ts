/** What every generator must do. A new engine's test is one call of this. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Generator, Piece, Question, Tools } from './generator.ts';

/** The loop may be held 20 ms; the rest is for the timer's own grain and a busy machine. */
const LOOP_GAP_MS = 50;

export interface GeneratorSpecOptions {
  /** A question with an answer of several sentences. */
  readonly long: string;
  /** A question that makes the engine ask its memory. */
  readonly recalling: string;
}

export function generatorSpec(
  name: string,
  create: () => Generator,
  { long, recalling }: GeneratorSpecOptions,
): void {
  describe(`generator: ${name}`, () => {
    it('answers in several pieces, none of them empty', async () => {
      const pieces = await answer(create(), long);
      expect(pieces.length).toBeGreaterThan(1);
      for (const { text } of pieces) expect(text).not.toBe('');
    });

    it.each(['', ' ', '???', '\u0000', '🙂'.repeat(100)])(
      'answers %j, though it says nothing',
      async (text) => {
        expect(textOf(await answer(create(), text)).trim()).not.toBe('');
      },
    );

    it.each(['word ', 'the ', '1+', '(', 'my ', 'remember that '])(
      'answers the longest question that the contract allows, of %j, without holding the event loop',
      async (unit) => {
        const engine = create();
        const text = unit.repeat(8_000 / unit.length);
        expect(textOf(await answer(engine, text))).not.toBe('');
        expect(await loopGapMs(() => answer(engine, text))).toBeLessThan(LOOP_GAP_MS);
      },
    );

    it('does not hold the event loop with ordinary questions', async () => {
      const engine = create();
      expect(await loopGapMs(() => answer(engine, long))).toBeLessThan(LOOP_GAP_MS);
    });

    it('keeps two answers at once apart', async () => {
      const engine = create();
      const [alone] = [textOf(await answer(engine, long))];
      const together = await Promise.all([
        answer(engine, long),
        answer(engine, ''),
        answer(engine, long),
      ]);
      expect(textOf(together[0])).toBe(alone);
      expect(textOf(together[2])).toBe(alone);
      expect(textOf(together[1])).not.toBe(alone);
    });

    it('says nothing when it was cancelled before it began', async () => {
      const pieces: Piece[] = [];
      await expect(collect(create(), long, pieces, AbortSignal.abort())).rejects.toThrow();
      expect(pieces).toEqual([]);
    });

    it('says nothing more after it was cancelled', async () => {
      const stop = new AbortController();
      const pieces = create().generateAsync(asking(long), {
        tools: FORGETFUL,
        signal: stop.signal,
      });
      const iterator = pieces[Symbol.asyncIterator]();
      expect((await iterator.next()).done).toBe(false);
      stop.abort();
      const ended = await iterator.next().then(
        ({ done }) => done,
        () => true,
      );
      expect(ended).toBe(true);
    });

    it('answers without the memory when that fails', async () => {
      expect(textOf(await answer(create(), recalling)).trim()).not.toBe('');
    });
  });
}

const FORGETFUL: Tools = {
  recall: () => Promise.reject(new Error('no memory')),
  remember: () => Promise.reject(new Error('no memory')),
  forget: () => Promise.reject(new Error('no memory')),
  offers: () => [],
  use: () => Promise.reject(new Error('no tools')),
  callTool: () => Promise.reject(new Error('no tools')),
};

function asking(text: string): Question {
  return { text, history: [], now: 0, turnId: 'spec' };
}

async function answer(engine: Generator, text: string): Promise<Piece[]> {
  const pieces: Piece[] = [];
  await collect(engine, text, pieces, new AbortController().signal);
  return pieces;
}

async function collect(
  engine: Generator,
  text: string,
  pieces: Piece[],
  signal: AbortSignal,
): Promise<void> {
  for await (const piece of engine.generateAsync(asking(text), { tools: FORGETFUL, signal })) {
    pieces.push(piece);
  }
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join('');
}

/** The smallest of several: other processes on the machine make gaps too. */
async function loopGapMs(work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i += 1) {
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    await pause(3);
    await work();
    await pause(3);
    loop.disable();
    least = Math.min(least, loop.max / 1e6);
  }
  return least;
}
