import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

describe('turns', () => {
  it('begin once per request', () => {
    const turns = createTurns();
    expect(turns.begin('a', 'turn')).toBeDefined();
    expect(turns.begin('a', 'turn')).toBeUndefined();
    expect(turns.begin('b', 'turn')).toBeDefined();
  });

  it('are cancelled alone', () => {
    const turns = createTurns();
    const [kitchen, hall] = [turns.begin('a', 'kitchen'), turns.begin('b', 'hall')];
    turns.cancel('kitchen');
    expect(kitchen?.signal.aborted).toBe(true);
    expect(hall?.signal.aborted).toBe(false);
  });

  it('begin cancelled when the cancel came first', () => {
    const turns = createTurns();
    turns.cancel('turn');
    expect(turns.begin('a', 'turn')?.signal.aborted).toBe(true);
  });

  it('remember a thousand cancels, no more', () => {
    const turns = createTurns();
    for (let i = 0; i <= 1_000; i += 1) turns.cancel(`turn-${i}`);
    expect(turns.begin('a', 'turn-0')?.signal.aborted).toBe(false);
    expect(turns.begin('b', 'turn-1')?.signal.aborted).toBe(true);
  });

  it('are idle when the last answer has ended', async () => {
    const turns = createTurns();
    await turns.idle();
    const [first, second] = [turns.begin('a', undefined), turns.begin('b', undefined)];
    let idle = false;
    const waiting = turns.idle().then(() => (idle = true));
    first?.end();
    await Promise.resolve();
    expect(idle).toBe(false);
    second?.end();
    await waiting;
    expect(idle).toBe(true);
  });
});
