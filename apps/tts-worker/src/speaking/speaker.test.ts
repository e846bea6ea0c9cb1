import { describe, expect, it } from 'vitest';
import { LIMITS } from './ports.ts';
import { createSpeaker } from './speaker.ts';
import { createStage, settle } from './testing.ts';

const kitchen = (turnId: string) => ({ siteId: 'kitchen', turnId });
const hall = (turnId: string) => ({ siteId: 'hall', turnId });
/** 20 characters: one frame of 200 ms. */
const SHORT = 'Twenty letters here.';

function start(options: { free?: number; limits?: Partial<typeof LIMITS> } = {}) {
  const stage = createStage(options.free);
  const speaker = createSpeaker(stage.ports, { ...LIMITS, ...options.limits });
  return { ...stage, speaker };
}

describe('an answer', () => {
  it('is told from its start to its end, with one last frame', async () => {
    const { speaker, story, sent } = start();
    speaker.say(kitchen('t1'), { text: SHORT, seq: 0, last: false });
    speaker.say(kitchen('t1'), { text: SHORT + SHORT, seq: 1, last: true });
    await settle();
    expect(story('t1')).toBe('speaking-started # # #! speaking-finished');
    expect(sent.at(-1)).toMatchObject({ status: { audioMs: 600 } });
    expect(sent.flatMap((one) => ('frame' in one ? [one.frame.seq] : []))).toEqual([0, 1, 2]);
    expect(speaker.speaking).toBe(0);
  });

  it('ends with an empty frame when its last piece has no words', async () => {
    const { speaker, story } = start();
    speaker.say(kitchen('t1'), { text: SHORT, seq: 0, last: false });
    await settle();
    expect(story('t1')).toBe('speaking-started #');
    speaker.say(kitchen('t1'), { text: '🎉', seq: 1, last: true });
    await settle();
    expect(story('t1')).toBe('speaking-started # #! speaking-finished');
  });

  it('without a single word is finished all the same', async () => {
    const { speaker, story } = start();
    speaker.say(kitchen('t1'), { text: '```\ncode\n```', seq: 0, last: true });
    await settle();
    expect(story('t1')).toBe('speaking-started #! speaking-finished');
  });

  it('is spoken in the order of seq, and what comes twice once', async () => {
    const { speaker, asked, letThrough } = start({ free: 0 });
    for (const seq of [0, 2, 1, 2, 0]) {
      speaker.say(kitchen('t1'), { text: `Piece ${seq}.`, seq, last: seq === 2 });
    }
    await letThrough(9);
    expect(asked).toEqual(['Piece 0.', 'Piece 1.', 'Piece 2.']);
  });

  it('is spoken without markup, links and emoji; a code block may span pieces', async () => {
    const { speaker, asked } = start();
    speaker.say(kitchen('t1'), {
      text: '**Done** 🎉 see https://a.b/c\n```js',
      seq: 0,
      last: false,
    });
    speaker.say(kitchen('t1'), { text: 'let x = 1;', seq: 1, last: false });
    speaker.say(kitchen('t1'), { text: '```\nGood.', seq: 2, last: true });
    await settle();
    expect(asked).toEqual(['Done see a link', 'Good.']);
  });

  it('waits for the answer before it at the same site', async () => {
    const { speaker, sent } = start();
    speaker.say(kitchen('t1'), { text: SHORT, seq: 0, last: false });
    speaker.say(kitchen('t2'), { text: SHORT, seq: 0, last: true });
    await settle();
    expect(sent.filter(({ turnId }) => turnId === 't2')).toEqual([]);
    speaker.say(kitchen('t1'), { text: '', seq: 1, last: true });
    await settle();
    expect(sent.at(-1)).toMatchObject({ turnId: 't2', status: { event: 'speaking-finished' } });
  });

  it('that belongs to no turn is one of its own', async () => {
    const { speaker, sent } = start();
    speaker.say({ siteId: 'kitchen' }, { text: SHORT, seq: 0, last: false });
    await settle();
    expect(sent.at(-1)).toMatchObject({ status: { event: 'speaking-finished' } });
  });

  it('fails once when the engine does, its last frame included, and lets the next one speak', async () => {
    const { speaker, story, sent } = start();
    speaker.say(kitchen('t1'), { text: SHORT, seq: 0, last: false });
    speaker.say(kitchen('t1'), { text: SHORT, seq: 1, last: true, voice: 'nobody' });
    speaker.say(kitchen('t2'), { text: SHORT, seq: 0, last: true });
    await settle();
    expect(story('t1')).toBe('speaking-started # #! failed');
    expect(sent).toContainEqual(
      expect.objectContaining({
        status: { event: 'failed', error: { code: 'FAILED', message: 'no such voice' } },
      }),
    );
    expect(story('t2')).toBe('speaking-started #! speaking-finished');
  });

  it('that breaks off fails after a minute, so that the next one is heard', async () => {
    const { speaker, story, clock } = start();
    speaker.say(kitchen('t1'), { text: SHORT, seq: 0, last: false });
    speaker.say(kitchen('t2'), { text: SHORT, seq: 0, last: true });
    await clock.advance(LIMITS.idleMs - 1);
    expect(story('t1')).toBe('speaking-started #');
    await clock.advance(1);
    expect(story('t1')).toBe('speaking-started # #! failed');
    expect(story('t2')).toBe('speaking-started #! speaking-finished');
  });

  it('runs no further ahead of its playing than it may', async () => {
    const { speaker, sent, clock } = start();
    const playedMs = () => sent.reduce((sum, one) => sum + ('frame' in one ? one.ms : 0), 0);
    speaker.say(kitchen('t1'), { text: 'word '.repeat(200), seq: 0, last: true });
    await settle();
    expect(playedMs()).toBeGreaterThanOrEqual(3_000);
    expect(playedMs()).toBeLessThan(3_400);
    await clock.advance(2_000);
    expect(playedMs()).toBeGreaterThanOrEqual(5_000);
    expect(playedMs()).toBeLessThan(5_400);
    await clock.advance(10_000);
    expect(sent.at(-1)).toMatchObject({ status: { event: 'speaking-finished' } });
  });
});

describe('stop', () => {
  it('drops all of the turn: what is spoken, what waits, and what comes later', async () => {
    const { speaker, story, asked, letThrough } = start({ free: 1 });
    speaker.say(kitchen('t1'), { text: 'One.', seq: 0, last: false });
    speaker.say(kitchen('t1'), { text: 'Two.', seq: 1, last: false });
    speaker.say(kitchen('t1'), { text: 'Three.', seq: 2, last: false });
    await settle();
    speaker.control(kitchen('t1'), 'stop');
    speaker.say(kitchen('t1'), { text: 'Four.', seq: 3, last: true });
    await letThrough(9);
    expect(story('t1')).toBe('speaking-started # stopped');
    expect(asked).toEqual(['One.', 'Two.']);
    expect(speaker.speaking).toBe(0);
  });

  it('takes effect while audio is being sent', async () => {
    const { speaker, story, clock } = start({ limits: { aheadMs: 0 } });
    speaker.say(kitchen('t1'), { text: 'word '.repeat(100), seq: 0, last: true });
    await clock.advance(450);
    expect(story('t1')).toBe('speaking-started # # #');
    speaker.control(kitchen('t1'), 'stop');
    await clock.advance(60_000);
    expect(story('t1')).toBe('speaking-started # # # stopped');
  });

  it('is the only last status, however often and whenever it comes', async () => {
    const { speaker, story } = start();
    speaker.say(kitchen('t1'), { text: SHORT, seq: 0, last: true });
    await settle();
    speaker.control(kitchen('t1'), 'stop');
    expect(story('t1')).toBe('speaking-started #! speaking-finished');
    speaker.say(kitchen('t2'), { text: SHORT, seq: 0, last: false });
    await settle();
    for (let i = 0; i < 3; i++) speaker.control(kitchen('t2'), 'stop');
    speaker.say(kitchen('t2'), { text: SHORT, seq: 1, last: true });
    await settle();
    expect(story('t2')).toBe('speaking-started # stopped');
  });

  it('that comes while the last frame is on its way is the only end', async () => {
    const { ports, story } = createStage();
    const onItsWay = Promise.withResolvers<void>();
    const speaker = createSpeaker({ ...ports, sendFrame: () => onItsWay.promise });
    speaker.say(kitchen('t1'), { text: '', seq: 0, last: true });
    await settle();
    speaker.control(kitchen('t1'), 'stop');
    onItsWay.resolve();
    await settle();
    expect(story('t1')).toBe('speaking-started stopped');
  });

  it('for another turn, or for another site, leaves this one alone', async () => {
    const { speaker, story } = start();
    speaker.say(kitchen('t1'), { text: SHORT, seq: 0, last: false });
    await settle();
    speaker.control(kitchen('t0'), 'stop');
    speaker.control(hall('t1'), 'stop');
    speaker.say(kitchen('t1'), { text: SHORT, seq: 1, last: true });
    await settle();
    expect(story('t1')).toBe('speaking-started # #! speaking-finished');
  });

  it('for a turn that waits takes it out of the queue and lets the others speak', async () => {
    const { speaker, story } = start();
    speaker.say(kitchen('t1'), { text: SHORT, seq: 0, last: false });
    speaker.say(kitchen('t2'), { text: SHORT, seq: 0, last: true });
    speaker.control(kitchen('t2'), 'stop');
    speaker.say(kitchen('t1'), { text: '', seq: 1, last: true });
    await settle();
    expect(story('t1')).toBe('speaking-started #! speaking-finished');
    expect(story('t2')).toBe('stopped');
  });

  it('that overtakes the first piece holds: the piece is dropped and answered once', async () => {
    const { speaker, story } = start();
    speaker.control(kitchen('t1'), 'stop');
    expect(story('t1')).toBe('');
    speaker.say(kitchen('t1'), { text: SHORT, seq: 0, last: false });
    speaker.say(kitchen('t1'), { text: SHORT, seq: 1, last: true });
    await settle();
    expect(story('t1')).toBe('stopped');
  });

  it('without a turn ends all that the site says, and nothing elsewhere', async () => {
    const { speaker, story } = start();
    speaker.say(kitchen('t1'), { text: SHORT, seq: 0, last: false });
    speaker.say(kitchen('t2'), { text: SHORT, seq: 0, last: false });
    speaker.say(hall('t3'), { text: SHORT, seq: 0, last: true });
    await settle();
    speaker.control({ siteId: 'kitchen' }, 'stop');
    await settle();
    expect(story('t1')).toBe('speaking-started # stopped');
    expect(story('t2')).toBe('stopped');
    expect(story('t3')).toBe('speaking-started #! speaking-finished');
  });
});

describe('pause', () => {
  it('holds the audio until resume, which loses and repeats nothing', async () => {
    const { speaker, story, sent, clock } = start({ limits: { aheadMs: 0 } });
    speaker.say(kitchen('t1'), { text: 'word '.repeat(16), seq: 0, last: true });
    await clock.advance(250);
    speaker.control(kitchen('t1'), 'pause');
    speaker.control(kitchen('t1'), 'pause');
    await clock.advance(30_000);
    expect(story('t1')).toBe('speaking-started # # paused');
    speaker.control(kitchen('t1'), 'resume');
    speaker.control(kitchen('t1'), 'resume');
    await clock.advance(5_000);
    expect(story('t1')).toBe('speaking-started # # paused resumed # #! speaking-finished');
    expect(sent.flatMap((one) => ('frame' in one ? [one.frame.seq] : []))).toEqual([0, 1, 2, 3]);
  });

  it('ends with a stop, and does not hold the next turn', async () => {
    const { speaker, story } = start();
    speaker.say(kitchen('t1'), { text: SHORT, seq: 0, last: false });
    speaker.say(kitchen('t2'), { text: SHORT, seq: 0, last: true });
    await settle();
    speaker.control(kitchen('t1'), 'pause');
    speaker.control(kitchen('t1'), 'stop');
    await settle();
    expect(story('t1')).toBe('speaking-started # paused stopped');
    expect(story('t2')).toBe('speaking-started #! speaking-finished');
  });

  it('where nothing is said, or of another turn, is no pause', async () => {
    const { speaker, sent, story } = start();
    speaker.control(kitchen('t1'), 'pause');
    speaker.control(kitchen('t1'), 'resume');
    expect(sent).toEqual([]);
    speaker.say(kitchen('t1'), { text: SHORT, seq: 0, last: false });
    speaker.control(kitchen('t0'), 'pause');
    speaker.say(kitchen('t1'), { text: SHORT, seq: 1, last: true });
    await settle();
    expect(story('t1')).toBe('speaking-started # #! speaking-finished');
  });

  it('ends by itself: after ten minutes the turn fails', async () => {
    const { speaker, story, clock } = start();
    speaker.say(kitchen('t1'), { text: SHORT, seq: 0, last: false });
    await settle();
    speaker.control(kitchen('t1'), 'pause');
    speaker.say(kitchen('t1'), { text: SHORT, seq: 1, last: true });
    await clock.advance(LIMITS.pauseMs);
    expect(story('t1')).toBe('speaking-started # paused #! failed');
  });
});

describe('sites', () => {
  it('take turns at the engine: a long answer does not delay the first words elsewhere', async () => {
    const { speaker, sent, asked, letThrough } = start({ free: 0 });
    speaker.say(kitchen('long'), {
      text: 'A sentence of some length. '.repeat(60),
      seq: 0,
      last: true,
    });
    await settle();
    speaker.say(hall('short'), { text: SHORT, seq: 0, last: true });
    await settle();
    await letThrough(2);
    expect(asked.indexOf(SHORT)).toBe(1);
    expect(sent.some(({ siteId }) => siteId === 'hall')).toBe(true);
  });

  it('hear their own answers only', async () => {
    const { speaker, sent } = start();
    speaker.say(kitchen('t1'), { text: SHORT, seq: 0, last: true });
    speaker.say(hall('t2'), { text: SHORT, seq: 0, last: true });
    await settle();
    for (const { siteId, turnId } of sent)
      expect(siteId).toBe(turnId === 't1' ? 'kitchen' : 'hall');
  });
});

describe('bounds', () => {
  it('an answer longer than the queue fails instead of growing', async () => {
    const { speaker, story } = start({ free: 0, limits: { chars: 100 } });
    for (let seq = 0; seq < 10; seq++)
      speaker.say(kitchen('t1'), { text: SHORT, seq, last: false });
    await settle();
    expect(story('t1')).toBe('failed');
  });

  it('so does one of too many pieces, and one too many at a site, and at one site too many', async () => {
    const { speaker, story } = start({ free: 0, limits: { pieces: 3, turns: 2, sites: 2 } });
    for (let seq = 0; seq < 4; seq++) speaker.say(hall('t0'), { text: 'a', seq, last: false });
    expect(story('t0')).toBe('failed');
    for (const id of ['t1', 't2', 't3'])
      speaker.say(kitchen(id), { text: 'a', seq: 0, last: true });
    expect(story('t3')).toBe('failed');
    expect(story('t1') + story('t2')).toBe('');
    speaker.say(hall('t4'), { text: 'a', seq: 0, last: true });
    speaker.say({ siteId: 'attic', turnId: 't5' }, { text: 'a', seq: 0, last: true });
    expect(story('t5')).toBe('failed');
  });

  it('closing stops everything and leaves nothing behind', async () => {
    const { speaker, story } = start({ free: 0 });
    speaker.say(kitchen('t1'), { text: SHORT, seq: 0, last: true });
    speaker.say(hall('t2'), { text: SHORT, seq: 0, last: true });
    await settle();
    const quiet = speaker.quiet();
    speaker.close();
    await quiet;
    expect([story('t1'), story('t2'), speaker.speaking]).toEqual(['stopped', 'stopped', 0]);
  });
});
