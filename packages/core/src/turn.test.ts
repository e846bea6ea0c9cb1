import { describe, expect, it } from 'vitest';
import { stepTurn } from './turn.ts';
import {
  IDLE_ROOM,
  type RoomState,
  type TurnEffect,
  type TurnEvent,
  type TurnLimits,
} from './turn-state.ts';

const LIMITS: TurnLimits = {
  hearingMs: 1_000,
  answerMs: 2_000,
  voiceMs: 3_000,
  playbackMs: 400,
  pauseMs: 5_000,
};

const audio = (turnId: string): TurnEvent => ({ type: 'audio', turnId });
const heard = (turnId: string, text: string): TurnEvent => ({ type: 'heard', turnId, text });
const typed = (turnId: string, text: string): TurnEvent => ({ type: 'typed', turnId, text });
const delta = (turnId: string, text: string): TurnEvent => ({ type: 'delta', turnId, text });
const answered = (turnId: string, text: string): TurnEvent => ({ type: 'answered', turnId, text });
const failed = (turnId: string, code: string): TurnEvent => ({
  type: 'failed',
  turnId,
  error: { code, message: 'broken' },
});
const voiceFailed = (turnId: string): TurnEvent => ({
  type: 'voice-failed',
  turnId,
  error: { code: 'TTS_UNAVAILABLE', message: 'gone' },
});
const started = (turnId: string): TurnEvent => ({ type: 'voice-started', turnId });
const finished = (turnId: string, audioMs: number): TurnEvent => ({
  type: 'voice-finished',
  turnId,
  audioMs,
});
const simple = (turnId: string, type: 'played' | 'stopped' | 'timeout' | 'paused'): TurnEvent => ({
  type,
  turnId,
});

describe('a spoken turn', () => {
  it('listens, asks with the history so far, says the answer piece by piece, and is done when it was played', () => {
    const { effects } = play(
      audio('1'),
      heard('1', 'what time is it'),
      delta('1', 'It is noon. Ti'),
      delta('1', 'me for lunch'),
      answered('1', 'It is noon. Time for lunch'),
      started('1'),
      finished('1', 1_500),
      simple('1', 'played'),
    );
    expect(effects.filter((effect) => effect.do !== 'wait')).toEqual([
      { do: 'listen', turnId: '1' },
      { do: 'ask', turnId: '1', text: 'what time is it', history: [] },
      { do: 'say', turnId: '1', text: 'It is noon.', seq: 0, last: false },
      { do: 'say', turnId: '1', text: 'Time for lunch', seq: 1, last: true },
      { do: 'write', turnId: '1', text: 'It is noon. Time for lunch' },
      { do: 'sound', turnId: '1' },
      {
        do: 'remember',
        turnId: '1',
        said: [
          { role: 'user', text: 'what time is it' },
          { role: 'assistant', text: 'It is noon. Time for lunch' },
        ],
      },
      {
        do: 'done',
        turnId: '1',
        outcome: 'answered',
        heard: 'what time is it',
        answer: 'It is noon. Time for lunch',
      },
    ]);
  });

  it('is done without a player once the audio must have been played', () => {
    const { effects, state } = play(
      typed('1', 'hi'),
      answered('1', 'Hello.'),
      started('1'),
      finished('1', 900),
    );
    expect(effects.at(-1)).toEqual({ do: 'wait', turnId: '1', forMs: 1_300 });
    expect(outcomes(play.from(state, simple('1', 'timeout')).effects)).toEqual(['answered']);
  });

  it('takes the text of the response where deltas are missing', () => {
    const { effects } = play(typed('1', 'hi'), delta('1', 'Good '), answered('1', 'Good day.'));
    expect(said(effects).join(' ')).toContain('day.');
    expect(written(effects)).toEqual(['Good day.']);
  });

  it('marks the end with an empty last piece when all was said already', () => {
    const { effects } = play(
      typed('1', 'hi'),
      delta('1', 'It is noon. '),
      delta('1', 'Yes. '),
      answered('1', 'It is noon. Yes. '),
    );
    expect(effects.filter((effect) => effect.do === 'say' && effect.last)).toHaveLength(1);
  });

  it('gives the next turn what was said before', () => {
    const { effects } = play(
      typed('1', 'hi'),
      answered('1', 'Hello.'),
      simple('1', 'played'),
      typed('2', 'again'),
    );
    expect(effects.findLast((effect) => effect.do === 'ask')).toMatchObject({
      text: 'again',
      history: [
        { role: 'user', text: 'hi' },
        { role: 'assistant', text: 'Hello.' },
      ],
    });
  });
});

describe('an interruption', () => {
  it('by new sound hushes the voice, cancels the model and ends the old turn once', () => {
    const { effects } = play(
      typed('1', 'tell me a story'),
      delta('1', 'Once upon a time. There'),
      audio('2'),
      delta('1', ' was a king. '),
      answered('1', 'Once upon a time. There was a king. '),
      simple('1', 'played'),
      audio('1'),
    );
    expect(of(effects, '1').map((effect) => effect.do)).toEqual([
      'ask',
      'wait',
      'say',
      'wait',
      'hush',
      'cancel',
      'remember',
      'done',
    ]);
    expect(outcomes(effects)).toEqual(['interrupted']);
    expect(effects.findLast((effect) => effect.do === 'remember')).toMatchObject({
      said: [{ role: 'user' }, { role: 'assistant', text: 'Once upon a time.' }],
    });
  });

  it('by a stop from outside ends the turn', () => {
    const { effects } = play(typed('1', 'hi'), answered('1', 'Hello.'), simple('1', 'stopped'));
    expect(outcomes(effects)).toEqual(['interrupted']);
  });
});

describe('what was heard of an interrupted answer', () => {
  const STORY = 'Once upon a time there was a king. He had a daughter. She had a horse.';
  const at = (atMs: number, event: TurnEvent): TurnEvent => ({ ...event, atMs });
  const pause = simple('1', 'paused');
  const resume: TurnEvent = { type: 'resumed', turnId: '1' };

  function remembered(...events: TurnEvent[]) {
    const { effects } = play(...events);
    const last = effects.findLast((effect) => effect.do === 'remember');
    return last?.said.find(({ role }) => role === 'assistant')?.text;
  }
  const told = [heard('1', 'tell me a story'), answered('1', STORY)];

  it('is as much as can be spoken in the time, to the end of a word', () => {
    const story = [...told, at(1_000, started('1'))];
    expect(remembered(...story, at(2_000, audio('2')))).toBe('Once upon a time');
    expect(remembered(...story, at(9_000, audio('2')))).toBe(STORY);
    expect(remembered(...story, at(1_000, audio('2')))).toBeUndefined();
  });

  it('goes by the length of its sound where that is known', () => {
    const story = [...told, at(0, started('1')), at(500, finished('1', 14_000))];
    expect(remembered(...story, at(6_600, audio('2')))).toBe('Once upon a time there was a king.');
  });

  it('is nothing when the voice had not begun', () => {
    expect(remembered(...told, at(9_000, audio('2')))).toBeUndefined();
  });

  it('does not grow during a pause', () => {
    const story = [...told, at(0, started('1')), at(1_000, pause)];
    expect(remembered(...story, at(60_000, audio('2')))).toBe('Once upon a time');
    expect(remembered(...story, at(50_000, resume), at(50_100, audio('2')))).toBe(
      'Once upon a time',
    );
  });

  it('is all of it for somebody who typed, and reads', () => {
    expect(remembered(typed('1', 'a story'), answered('1', STORY), at(5, audio('2')))).toBe(STORY);
  });
});

describe('a stage that fails', () => {
  it.each([
    ['hearing', [audio('1'), failed('1', 'STT_UNAVAILABLE')], 'hearing'],
    ['hearing in time', [audio('1'), simple('1', 'timeout')], 'hearing'],
    ['thinking', [typed('1', 'hi'), failed('1', 'LLM_UNAVAILABLE')], 'think'],
    ['thinking in time', [typed('1', 'hi'), simple('1', 'timeout')], 'too long'],
    ['giving any text', [typed('1', 'hi'), answered('1', '  ')], 'no answer'],
  ])('at %s is said aloud', (_stage, events: TurnEvent[], word) => {
    const { effects } = play(...events, started('1'), finished('1', 500), simple('1', 'played'));
    expect(said(effects).join(' ')).toContain(word);
    expect(effects.filter((effect) => effect.do === 'say' && effect.last)).toHaveLength(1);
    expect(outcomes(effects)).toEqual(['failed']);
  });

  it('in mid-answer keeps what was said and says what went wrong', () => {
    const { effects } = play(
      typed('1', 'hi'),
      delta('1', 'First part. Second pa'),
      failed('1', 'LLM_STALLED'),
      simple('1', 'played'),
    );
    expect(said(effects)[0]).toBe('First part.');
    expect(said(effects).join(' ')).toContain('cannot think');
    expect(outcomes(effects)).toEqual(['failed']);
  });

  it('at speaking still writes the answer', () => {
    const { effects } = play(typed('1', 'hi'), voiceFailed('1'), answered('1', 'Hello.'));
    expect(written(effects)).toEqual(['Hello.']);
    expect(effects.at(-1)).toMatchObject({
      do: 'done',
      outcome: 'failed',
      error: { code: 'TTS_UNAVAILABLE' },
    });
  });

  it('at speaking in time ends the turn', () => {
    const { effects } = play(typed('1', 'hi'), answered('1', 'Hello.'), simple('1', 'timeout'));
    expect(effects.at(-1)).toMatchObject({ do: 'done', error: { code: 'TTS_TIMEOUT' } });
  });

  it('tells the user that nothing was understood, and asks no model', () => {
    const { effects } = play(audio('1'), {
      type: 'heard',
      turnId: '1',
      text: '',
      error: { code: 'NOT_UNDERSTOOD', message: 'no command' },
    });
    expect(said(effects).join(' ')).toContain('did not understand');
    expect(effects.some((effect) => effect.do === 'ask')).toBe(false);
    const { effects: end } = play.from(play.last, simple('1', 'played'));
    expect(outcomes(end)).toEqual(['not-understood']);
  });
});

it('has exactly one terminal status per turn, whatever happens in whatever order', () => {
  const makers = [
    audio,
    (id: string) => heard(id, 'hi'),
    (id: string) => typed(id, 'hi'),
    (id: string) => delta(id, 'Well then. '),
    (id: string) => answered(id, 'Well then. '),
    (id: string) => failed(id, 'LLM_X'),
    voiceFailed,
    started,
    (id: string) => finished(id, 10),
    (id: string) => simple(id, 'played'),
    (id: string) => simple(id, 'stopped'),
    (id: string) => simple(id, 'timeout'),
    (id: string) => simple(id, 'paused'),
  ];
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  for (let round = 0; round < 2_000; round++) {
    const events = Array.from({ length: 12 }, () =>
      makers[random(makers.length)]?.(`t${random(3)}`),
    );
    const { effects, state } = play(...events.filter((event) => event !== undefined));
    const done = effects.filter((effect) => effect.do === 'done').map(({ turnId }) => turnId);
    expect(new Set(done).size).toBe(done.length);
    const begun = new Set(effects.map(({ turnId }) => turnId));
    const open = state.now.phase === 'idle' ? [] : [state.now.turnId];
    expect(new Set([...done, ...open])).toEqual(begun);
  }
});

function play(...events: TurnEvent[]) {
  return play.from(IDLE_ROOM, ...events);
}
play.last = IDLE_ROOM;
play.from = (from: RoomState, ...events: TurnEvent[]) => {
  let state = from;
  const effects: TurnEffect[] = [];
  for (const event of events) {
    const step = stepTurn(state, event, LIMITS);
    state = step.state;
    effects.push(...step.effects);
  }
  play.last = state;
  return { state, effects };
};

function of(effects: readonly TurnEffect[], turnId: string): TurnEffect[] {
  return effects.filter((effect) => effect.turnId === turnId);
}

function said(effects: readonly TurnEffect[]): string[] {
  return effects.flatMap((effect) => (effect.do === 'say' ? [effect.text] : []));
}

function written(effects: readonly TurnEffect[]): string[] {
  return effects.flatMap((effect) => (effect.do === 'write' ? [effect.text] : []));
}

function outcomes(effects: readonly TurnEffect[]): string[] {
  return effects.flatMap((effect) => (effect.do === 'done' ? [effect.outcome] : []));
}
