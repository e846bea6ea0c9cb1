import { describe, expect, it } from 'vitest';
import { createConfirmations } from './confirmations.ts';

const UNLOCK = { name: 'devices_set', arguments: { id: 'door', state: { on: true, level: 1 } } };
const SAME = { name: 'devices_set', arguments: { state: { level: 1, on: true }, id: 'door' } };
const OTHER = { name: 'devices_set', arguments: { id: 'garage', state: { on: true, level: 1 } } };

function asked(at = 0) {
  let now = 0;
  const confirmations = createConfirmations(() => now);
  confirmations.inTurn('kitchen', 'unlock the door').expect(UNLOCK);
  now = at;
  return confirmations;
}

describe('a call that needs the word of the user', () => {
  it.each(['yes', 'Yes, please.', 'ok', 'sure, do it', 'go ahead'])(
    'is agreed to by "%s"',
    (text) => {
      expect(asked().inTurn('kitchen', text).isAgreed(SAME)).toBe(true);
    },
  );

  it.each(['no', 'unlock the door', 'yes but not now', 'okay, stop', 'I said yes yesterday', ''])(
    'is not agreed to by "%s"',
    (text) => {
      expect(asked().inTurn('kitchen', text).isAgreed(SAME)).toBe(false);
    },
  );

  it('is agreed to once, for the very same arguments, in the same room, in the next turn', () => {
    const turn = asked().inTurn('kitchen', 'yes');
    expect([turn.isAgreed(OTHER), turn.isAgreed(UNLOCK), turn.isAgreed(UNLOCK)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(asked().inTurn('hall', 'yes').isAgreed(UNLOCK)).toBe(false);
    const later = asked();
    later.inTurn('kitchen', 'what time is it');
    expect(later.inTurn('kitchen', 'yes').isAgreed(UNLOCK)).toBe(false);
  });

  it('is forgotten after a minute', () => {
    expect(asked(60_000).inTurn('kitchen', 'yes').isAgreed(UNLOCK)).toBe(true);
    expect(asked(60_001).inTurn('kitchen', 'yes').isAgreed(UNLOCK)).toBe(false);
  });
});
