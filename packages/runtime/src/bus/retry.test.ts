import { describe, expect, it } from 'vitest';
import { CLOSED, ConnectionError } from './connection.ts';
import { FIRST_TRY, nextTry, type Try } from './retry.ts';

function after(errors: ConnectionError[], heldMs: number, busy = false): Try {
  return errors.reduce((last, error) => nextTry(last, { error, heldMs, busy }, 1), FIRST_TRY);
}
const refused = new ConnectionError('x', 'ECONNREFUSED', false);
const times = (count: number) => Array.from({ length: count }, () => refused);
const closed = new ConnectionError('x', CLOSED, true);

describe('nextTry', () => {
  it('doubles the pause from 250 ms up to 30 s', () => {
    const pauses = [1, 2, 3, 8, 20].map((tries) => after(times(tries), 0).pauseMs);
    expect(pauses).toEqual([250, 500, 1_000, 30_000, 30_000]);
  });

  it('shortens the pause by up to a half at random', () => {
    const ending = { error: refused, heldMs: 0, busy: false };
    expect(nextTry(FIRST_TRY, ending, 0).pauseMs).toBe(125);
  });

  it('starts over after a connection that held for more than a minute', () => {
    const tired = after(times(10), 0);
    expect(nextTry(tired, { error: closed, heldMs: 60_001, busy: false }, 1).pauseMs).toBe(250);
  });

  it.each([1, 132])('tries MQTT 3.1.1 at once when version 5 is refused with %i', (reason) => {
    const next = after([new ConnectionError('x', reason, false)], 0);
    expect(next).toMatchObject({ version: 4, pauseMs: 0 });
  });

  it('tries the other version after a broker that hangs up without a word, and this one after that', () => {
    const silent = new ConnectionError('x', CLOSED, false);
    expect(after([silent], 0).version).toBe(4);
    expect(after([silent, silent], 0).version).toBe(5);
  });

  it('suspects a double client id after three quick losses', () => {
    expect(after([closed, closed], 100).doubled).toBe(false);
    expect(after([closed, closed, closed], 100)).toMatchObject({ doubled: true, pauseMs: 30_000 });
  });

  it('does not when publications were under way: one of those may be the cause', () => {
    expect(after([closed, closed, closed], 100, true).doubled).toBe(false);
  });
});
