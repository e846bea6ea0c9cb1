import {
  audioIn,
  audioOut,
  type FrameHeader,
  sttFinal,
  textIn,
  textOut,
  traceSpan,
  ttsStatus,
  turnState,
} from '@hearth/contracts';
import { type Bus, connectMqtt, createBus, createLog } from '@hearth/runtime';
import { startTestBroker, type TestBroker } from '@hearth/runtime/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { takeTurn } from './turn-client.ts';

let broker: TestBroker;
let client: Bus;
let house: Bus;

async function join(name: string): Promise<Bus> {
  const log = await createLog({ name, level: 'silent', format: 'json' });
  const transport = connectMqtt({ url: broker.url, clientId: name, log });
  const bus = createBus({ transport, source: name, log });
  await vi.waitFor(() => expect(bus.state.status).toBe('ready'), { timeout: 5_000 });
  return bus;
}

beforeEach(async () => {
  broker = await startTestBroker();
  [client, house] = await Promise.all([join('client'), join('house')]);
});

afterEach(async () => {
  await Promise.all([client.close(), house.close()]);
  await broker.stop();
});

const NEVER = new AbortController().signal;
const SECOND = new Int16Array(16_000).fill(1_000);

function speech(samples = SECOND, timeoutMs = 10_000, realtime = false) {
  const question = { kind: 'speech', turnId: 'turn-1', samples } as const;
  return takeTurn({ bus: client, question, realtime, timeoutMs, signal: NEVER });
}

/** Speaks two frames of 50 ms at 22,050 Hz, the second one last. */
async function speak(siteId: string, turnId: string): Promise<void> {
  const body = new Uint8Array(Int16Array.from({ length: 1_102 }, (_, i) => i).buffer);
  for (const [seq, last] of [false, true].entries()) {
    const header: FrameHeader = { rate: 22_050, channels: 1, seq, turnId, last };
    await house.publish(audioOut, header, { siteId, body });
  }
}

/** Answers the first complete question of a room, and is done when it was played. */
async function playRouter(frames: FrameHeader[] = []): Promise<void> {
  await house.subscribe(audioIn, async ({ data, context: { siteId } }) => {
    frames.push(data);
    if (!data.last || !siteId) return;
    const context = { siteId, turnId: data.turnId };
    await house.publish(turnState, { state: 'thinking', heard: 'what time is it' }, context);
    await house.publish(turnState, { state: 'speaking' }, context);
    await speak(siteId, data.turnId);
  });
  await house.subscribe(ttsStatus, async ({ data, context: { siteId, turnId } }) => {
    if (data.event !== 'playback-finished') return;
    const context = { siteId, turnId };
    const done = {
      state: 'done',
      outcome: 'answered',
      heard: 'what time is it',
      answer: 'Noon.',
    } as const;
    await house.publish(turnState, done, context);
    const span = { ok: true, engine: false };
    await house.publish(
      traceSpan,
      { ...span, name: 'stt.decode', startMs: 5_100, durationMs: 30 },
      context,
    );
    await house.publish(
      traceSpan,
      { ...span, name: 'turn', startMs: 5_000, durationMs: 400.04 },
      context,
    );
  });
}

describe('a spoken turn', () => {
  it('sends frames of 100 ms counted from 0, and an empty one marked last', async () => {
    const frames: FrameHeader[] = [];
    await playRouter(frames);
    await speech(new Int16Array(16_000 + 800).fill(1_000));
    expect(frames.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(frames.map(({ last }) => last)).toEqual([...Array(11).fill(false), true]);
    expect(new Set(frames.map(({ rate, turnId }) => `${rate} ${turnId}`))).toEqual(
      new Set(['16000 turn-1']),
    );
  });

  it('gives what was heard and answered, the sound, and the stages from the beginning of the turn', async () => {
    await playRouter();
    const result = await speech();
    expect(result).toMatchObject({
      turnId: 'turn-1',
      outcome: 'answered',
      heard: 'what time is it',
      answer: 'Noon.',
      error: null,
      stages: [
        { name: 'turn', startMs: 0, durationMs: 400 },
        { name: 'stt.decode', startMs: 100, durationMs: 30 },
      ],
    });
    expect(result.sound).toMatchObject({ rateHz: 22_050, channels: 1 });
    expect(result.sound?.samples).toHaveLength(2_204);
    expect(result.sound?.samples[1_102 + 7]).toBe(7);
    expect(result.timeToFirstAudioMs).toBeGreaterThanOrEqual(0);
  });

  it('takes as long as the speech with realtime, and stops talking when enough was heard', async () => {
    const frames: FrameHeader[] = [];
    await house.subscribe(audioIn, async ({ data, context: { siteId } }) => {
      frames.push(data);
      const context = { siteId, turnId: data.turnId };
      if (data.seq === 3)
        await house.publish(turnState, { state: 'thinking', heard: 'stop' }, context);
      if (!data.last) return;
      const done = { state: 'done', outcome: 'answered', heard: 'stop', answer: '' } as const;
      await house.publish(turnState, done, context);
    });
    const startMs = performance.now();
    await speech(new Int16Array(16_000 * 20).fill(1_000), 15_000, true);
    // The lower bound that a microphone sets; a slow machine takes longer.
    expect(performance.now() - startMs).toBeGreaterThan(390);
    expect(frames.length).toBeLessThan(200);
    expect(frames.at(-1)?.last).toBe(true);
  });

  it('ends at its deadline and says how far it got', async () => {
    const unanswered = await speech(SECOND, 300);
    expect(unanswered).toMatchObject({
      outcome: 'none',
      turnId: 'turn-1',
      timeToFirstAudioMs: null,
    });
    expect(unanswered.error).toEqual({
      code: 'TIMEOUT',
      message: 'No answer within 0.3 s: nobody took the question up.',
    });
  });

  it('hands the error of a failed turn on, and what was spoken in spite of it', async () => {
    await house.subscribe(audioIn, async ({ data, context: { siteId } }) => {
      if (!data.last || !siteId) return;
      await speak(siteId, data.turnId);
      const error = { code: 'NO_SPEECH', message: 'Nothing was said.' };
      const done = {
        state: 'done',
        outcome: 'not-understood',
        heard: '',
        answer: 'Pardon?',
        error,
      } as const;
      await house.publish(turnState, done, { siteId, turnId: data.turnId });
    });
    const result = await speech();
    expect(result).toMatchObject({
      outcome: 'not-understood',
      answer: 'Pardon?',
      error: { code: 'NO_SPEECH' },
    });
    expect(result.sound).toBeDefined();
  });

  it('is not disturbed by other rooms and other turns', async () => {
    await playRouter();
    await house.subscribe(audioIn, async ({ data, context: { siteId } }) => {
      if (data.seq !== 0) return;
      const done = { state: 'done', outcome: 'failed', heard: 'x', answer: 'y' } as const;
      await house.publish(turnState, done, { siteId: 'kitchen', turnId: 'turn-1' });
      await house.publish(turnState, done, { siteId, turnId: 'another' });
      const header = { rate: 8_000, channels: 1, seq: 0, turnId: 'another', last: true } as const;
      await house.publish(audioOut, header, { siteId, body: new Uint8Array(800) });
      await house.publish(
        sttFinal,
        { text: 'x', confidence: 1, speechMs: 1, engine: 'x' },
        { siteId: 'kitchen', turnId: 'turn-1' },
      );
    });
    const result = await speech();
    expect(result).toMatchObject({ outcome: 'answered', answer: 'Noon.' });
    expect(result.sound?.rateHz).toBe(22_050);
  });

  it('leaves no subscription behind', async () => {
    await playRouter();
    await speech();
    expect(client.stats).toMatchObject({ subscriptions: 0, pendingCalls: 0 });
  });

  it('ends at once when it is aborted', async () => {
    const stop = new AbortController();
    await house.subscribe(textIn, () => stop.abort(new Error('told to stop')));
    const question = { kind: 'text', text: 'hello' } as const;
    const options = { bus: client, realtime: false, timeoutMs: 60_000, signal: stop.signal };
    await expect(takeTurn({ ...options, question })).rejects.toThrow('told to stop');
  });
});

describe('a typed turn', () => {
  it('learns the id of its turn from the router, and takes its text where nothing was said aloud', async () => {
    await house.subscribe(textIn, async ({ data, context: { siteId } }) => {
      const context = { siteId, turnId: 'made-by-router' };
      await house.publish(turnState, { state: 'thinking', heard: data }, context);
      await house.publish(textOut, 'Hello to you.', { siteId });
      const error = { code: 'TTS_FAILED', message: 'The voice is gone.' };
      const done = { state: 'done', outcome: 'failed', heard: data, answer: '', error } as const;
      await house.publish(turnState, done, context);
    });
    const question = { kind: 'text', text: 'hello' } as const;
    const options = { bus: client, realtime: false, timeoutMs: 10_000, signal: NEVER };
    expect(await takeTurn({ ...options, question })).toMatchObject({
      turnId: 'made-by-router',
      heard: 'hello',
      answer: 'Hello to you.',
      error: { code: 'TTS_FAILED' },
    });
  });
});
