import { audioOut, createId, synthesize, ttsControl, ttsSay, ttsStatus } from '@hearth/contracts';
import { levelDb, samplesOf } from '@hearth/core';
import type { Bus } from '@hearth/runtime';
import {
  collect,
  loopGap,
  reportOf,
  runTestService,
  startTestBroker,
  type TestBroker,
  type TestService,
} from '@hearth/runtime/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ttsWorker } from './service.ts';

let broker: TestBroker;
let service: TestService;
let peer: Bus;

beforeAll(async () => {
  broker = await startTestBroker();
  service = await runTestService(ttsWorker, broker.url, { TTS_VOICE: 'kal16' });
  peer = service.peer;
});
afterAll(async () => {
  await service.stop();
  await broker.stop();
});

const LONG = 'This is a sentence of a very long answer. '.repeat(40);

describe('tts/say', () => {
  it('becomes audio and its progress, in order', async () => {
    const { turn, frames, statuses } = await begin('kitchen');
    await peer.publish(ttsSay, { text: 'The lamp is on.', seq: 0, last: false }, turn);
    await peer.publish(ttsSay, { text: '**Good** night! 🌙', seq: 1, last: true }, turn);
    const { data: finished } = await statuses.until(
      ({ data }) => data.event === 'speaking-finished',
    );

    const heard = frames.messages.map(({ data, body }) => ({ ...data, samples: samplesOf(body) }));
    expect(heard.map(({ seq }) => seq)).toEqual(heard.map((_, i) => i));
    expect(heard.map(({ last }) => last)).toEqual(heard.map((_, i) => i === heard.length - 1));
    for (const { rate, channels, turnId } of heard) {
      expect({ rate, channels, turnId }).toEqual({
        rate: 16_000,
        channels: 1,
        turnId: turn.turnId,
      });
    }
    const audioMs = heard.reduce((sum, { samples }) => sum + samples.length, 0) / 16;
    expect(finished).toEqual({ event: 'speaking-finished', audioMs: Math.round(audioMs) });
    expect(audioMs).toBeGreaterThan(1_500);
    expect(levelDb(Int16Array.from(heard.flatMap(({ samples }) => [...samples])))).toBeGreaterThan(
      -40,
    );
    expect(statuses.messages.map(({ data }) => data.event)).toEqual([
      'speaking-started',
      'speaking-finished',
    ]);
  });

  it('with an unknown voice fails with the voices that there are', async () => {
    const { turn, statuses } = await begin('kitchen');
    await peer.publish(ttsSay, { text: 'Hello.', seq: 0, last: true, voice: 'siri' }, turn);
    const { data } = await statuses.until();
    expect(data).toEqual({
      event: 'failed',
      error: {
        code: 'UNKNOWN_VOICE',
        message: 'flite has no voice "siri"; it has slt, rms, awb, kal16, kal',
      },
    });
  });

  it('that is stopped is silent from then on, later pieces included', async () => {
    const { turn, frames, statuses } = await begin('hall');
    await peer.publish(ttsSay, { text: LONG, seq: 0, last: false }, turn);
    await peer.publish(ttsSay, { text: LONG, seq: 1, last: false }, turn);
    await frames.until();
    await peer.publish(ttsControl, { action: 'stop' }, turn);
    await statuses.until(({ data }) => data.event === 'stopped');
    const sent = frames.messages.length;
    await peer.publish(ttsSay, { text: LONG, seq: 2, last: true }, turn);

    // The next turn at this site comes after anything that might still have come.
    const next = await begin('hall');
    await peer.publish(ttsSay, { text: 'Hello.', seq: 0, last: true }, next.turn);
    await next.statuses.until(({ data }) => data.event === 'speaking-finished');
    expect(frames.messages.length).toBe(sent);
    expect(frames.messages.some(({ data }) => data.last)).toBe(false);
    expect(statuses.messages.map(({ data }) => data.event)).toEqual([
      'speaking-started',
      'stopped',
    ]);
  });

  it('of a long answer in one room lets another room speak at once', async () => {
    const kitchen = await begin('kitchen');
    const hall = await begin('hall');
    await peer.publish(ttsSay, { text: LONG, seq: 0, last: true }, kitchen.turn);
    await peer.publish(ttsSay, { text: 'Hello.', seq: 0, last: true }, hall.turn);
    await hall.statuses.until(({ data }) => data.event === 'speaking-finished');
    expect(kitchen.statuses.messages.some(({ data }) => data.event === 'speaking-finished')).toBe(
      false,
    );
    await peer.publish(ttsControl, { action: 'stop' }, kitchen.turn);
    await kitchen.statuses.until(({ data }) => data.event === 'stopped');
  });

  it('can be paused and resumed', async () => {
    const { turn, frames, statuses } = await begin('attic');
    await peer.publish(ttsSay, { text: LONG, seq: 0, last: true }, turn);
    await frames.until();
    await peer.publish(ttsControl, { action: 'pause' }, turn);
    await statuses.until(({ data }) => data.event === 'paused');
    const atPause = frames.messages.length;
    await peer.publish(ttsControl, { action: 'resume' }, turn);
    await statuses.until(({ data }) => data.event === 'resumed');
    await frames.until(({ data }) => data.seq > atPause + 2);
    await peer.publish(ttsControl, { action: 'stop' }, turn);
    await statuses.until(({ data }) => data.event === 'stopped');
  });
});

describe('the call synthesize', () => {
  it('returns the audio of a text of any length that it takes', async () => {
    const short = await peer.call(synthesize, { text: 'The lamp is on.' });
    expect(short.data).toMatchObject({ rate: 16_000, channels: 1 });
    expect(samplesOf(short.body).length).toBe(Math.round(short.data.durationMs * 16));
    const long = await peer.call(synthesize, { text: LONG.slice(0, 2_000) });
    expect(long.data.durationMs).toBeGreaterThan(60_000);
  });

  it('takes voice and speed', async () => {
    const slow = await peer.call(synthesize, { text: 'Hello there.', voice: 'kal', speed: 0.5 });
    const fast = await peer.call(synthesize, { text: 'Hello there.', voice: 'kal', speed: 2 });
    expect(slow.data.rate).toBe(8_000);
    expect(slow.data.durationMs).toBeGreaterThan(2 * fast.data.durationMs);
  });

  it('returns no samples for a text without words', async () => {
    const { data, body } = await peer.call(synthesize, { text: '🎉' });
    expect([data.durationMs, body.length]).toEqual([0, 0]);
  });

  it('refuses an unknown voice, and words that no voice here can read', async () => {
    await expect(peer.call(synthesize, { text: 'Hi.', voice: 'siri' })).rejects.toMatchObject({
      code: 'REMOTE',
      remoteCode: 'UNKNOWN_VOICE',
    });
    await expect(peer.call(synthesize, { text: 'おはよう' })).rejects.toMatchObject({
      code: 'REMOTE',
      remoteCode: 'UNSUPPORTED_TEXT',
    });
  });

  it('leaves the event loop free: flite speaks in a thread', async () => {
    const { gapMs } = await loopGap(() => peer.call(synthesize, { text: LONG.slice(0, 800) }));
    expect(gapMs).toBeLessThan(50);
  });
});

describe('the worker', () => {
  it('says in its health why it cannot speak when the voice of its settings does not exist', async () => {
    const other = await startTestBroker();
    const mute = await runTestService(ttsWorker, other.url, { TTS_VOICE: 'siri' });
    const { reason } = await reportOf(mute.peer, 'tts-worker', ({ state }) => state === 'degraded');
    expect(reason).toContain('flite has no voice "siri"; it has slt, rms, awb, kal16, kal');
    await mute.stop();
    await other.stop();
  });

  it('finishes what it is saying when it is told to stop', async () => {
    const other = await startTestBroker();
    const leaving = await runTestService(ttsWorker, other.url, { TTS_VOICE: 'kal' });
    const statuses = await collect(leaving.peer, ttsStatus);
    const frames = await collect(leaving.peer, audioOut);
    const turn = { siteId: 'kitchen', turnId: createId() };
    await leaving.peer.publish(
      ttsSay,
      { text: 'Good night to all of you.', seq: 0, last: true },
      turn,
    );
    await frames.until();
    expect(await leaving.stop()).toBe(0);
    expect(statuses.messages.at(-1)?.data.event).toBe('speaking-finished');
    await other.stop();
  });
});

async function begin(siteId: string) {
  const turn = { siteId, turnId: createId() };
  const all = { frames: await collect(peer, audioOut), statuses: await collect(peer, ttsStatus) };
  return { turn, frames: only(turn.turnId, all.frames), statuses: only(turn.turnId, all.statuses) };
}

type Collected<Message> = {
  readonly messages: readonly Message[];
  until(fits?: (message: Message) => boolean): Promise<Message>;
};

/** What belongs to one turn. */
function only<Message extends { readonly context: { readonly turnId?: string | undefined } }>(
  turnId: string,
  all: Collected<Message>,
): Collected<Message> {
  const mine = (message: Message) => message.context.turnId === turnId;
  return {
    get messages() {
      return all.messages.filter(mine);
    },
    until: (fits = () => true) => all.until((message) => mine(message) && fits(message)),
  };
}
