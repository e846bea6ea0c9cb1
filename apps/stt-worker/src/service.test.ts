import {
  audioIn,
  createId,
  type FrameHeader,
  intentsRegistry,
  sttFinal,
  sttPartial,
  type Transcript,
  transcribe,
} from '@hearth/contracts';
import { bytesOf } from '@hearth/core';
import type { Bus } from '@hearth/runtime';
import {
  type Collected,
  collect,
  reportOf,
  runTestService,
  startTestBroker,
  type TestBroker,
  type TestService,
} from '@hearth/runtime/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { everydayIntents } from './everyday-intents.ts';
import { HOUSE } from './fixtures/house.ts';
import { recordings } from './fixtures/recordings.ts';
import { joined, noise, silence, tone } from './fixtures/sounds.ts';
import { sttService } from './service.ts';

const [clip] = await recordings([{ file: 'speech/what_time_is_it.wav' }]);
/** 20 ms at 16 kHz. */
const FRAME = 320;

let broker: TestBroker;
let service: TestService;
let peer: Bus;

beforeAll(async () => {
  broker = await startTestBroker();
  service = await runTestService(sttService, broker.url, { STT_MAX_TURNS: '3' });
  peer = service.peer;
});
afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await broker.stop();
});

interface Ears {
  readonly turn: { readonly siteId: string; readonly turnId: string };
  readonly finals: Collected<Transcript>;
  readonly partials: Collected<{ text: string }>;
}

let ears: Ears;
beforeEach(async () => {
  ears = {
    turn: { siteId: 'kitchen', turnId: createId() },
    finals: await collect(peer, sttFinal),
    partials: await collect(peer, sttPartial),
  };
});

async function send(samples: Int16Array, options: Partial<FrameHeader> = {}, turn = ears.turn) {
  const frames = Math.ceil(samples.length / FRAME);
  for (let seq = 0; seq <= frames; seq++) {
    await publish(seq, samples.subarray(seq * FRAME, (seq + 1) * FRAME), {
      last: seq === frames,
      ...options,
      turnId: turn.turnId,
    });
  }
}

interface Addressed extends Partial<FrameHeader> {
  readonly siteId?: string;
}

async function publish(seq: number, samples: Int16Array, addressed: Addressed) {
  const { siteId, turnId, ...header } = { ...ears.turn, ...addressed };
  await peer.publish(
    audioIn,
    { rate: 16_000, channels: 1, last: false, ...header, turnId, seq },
    { siteId, turnId, body: bytesOf(samples) },
  );
}

function final(turnId = ears.turn.turnId) {
  return ears.finals.until(({ context }) => context.turnId === turnId);
}

it('listens for everyday sentences while nothing has told it others', async () => {
  const report = await reportOf(peer, 'stt-worker', ({ state }) => state === 'ready');
  expect(report.details?.['intents']).toBe(everydayIntents.intents.length);
  await send(joined(noise(0.5, -60), tone(1, -20), noise(0.3, -60)));
  expect((await final()).data).toMatchObject({ text: '', error: { code: 'NOT_UNDERSTOOD' } });
});

describe('the speech-to-text worker', () => {
  beforeAll(async () => {
    await peer.publish(intentsRegistry, HOUSE);
    const sentences = HOUSE.intents.length;
    await reportOf(peer, 'stt-worker', ({ details }) => details?.['intents'] === sentences);
  });
  afterEach(() => {
    const mine = ears.finals.messages.filter(({ context }) => context.turnId === ears.turn.turnId);
    expect(mine.length).toBeLessThanOrEqual(1);
  });

  it('answers silence with NO_SPEECH', async () => {
    await send(silence(1));
    const { data, context } = await final();
    expect(context.siteId).toBe('kitchen');
    expect(data).toMatchObject({ text: '', speechMs: 0, error: { code: 'NO_SPEECH' } });
  });

  it('answers a turn of a single empty frame', async () => {
    await send(new Int16Array());
    expect((await final()).data.error?.code).toBe('NO_SPEECH');
  });

  it('answers a sound that is no command with NOT_UNDERSTOOD, before the microphone stops', async () => {
    await send(joined(noise(0.6, -60), tone(1, -20), noise(1.2, -60)), { last: false });
    const { data } = await final();
    expect(data).toMatchObject({ text: '', confidence: 0, error: { code: 'NOT_UNDERSTOOD' } });
    expect(data.speechMs).toBeGreaterThan(800);
  });

  it('waits on after a cough', async () => {
    const cough = joined(noise(2.2, -60), noise(0.2, -15), noise(1.2, -60));
    await send(joined(cough, cough));
    expect((await final()).data.error?.code).toBe('NOT_UNDERSTOOD');
  });

  it('gives one final however many frames come late', async () => {
    await send(silence(0.2));
    await final();
    await send(joined(silence(0.5), tone(1, -20), silence(0.5)));
    const other = { siteId: 'kitchen', turnId: createId() };
    await send(silence(0.2), {}, other);
    await final(other.turnId);
  });

  it('leaves out a frame with half a sample and goes on', async () => {
    const { siteId, turnId } = ears.turn;
    const header = { rate: 16_000, channels: 1, turnId, seq: 0, last: false } as const;
    await peer.publish(audioIn, header, { siteId, turnId, body: new Uint8Array(3) });
    await publish(1, silence(0.2), { last: true });
    expect((await final()).data.error?.code).toBe('NO_SPEECH');
  });

  it('refuses a turn beyond the limit and takes one again when there is room', async () => {
    const turns = Array.from({ length: 4 }, () => ({ siteId: 'kitchen', turnId: createId() }));
    for (const turn of turns) await publish(0, silence(0.1), turn);
    const refused = await final(turns[3]?.turnId);
    expect(refused.data.error?.code).toBe('QUEUE_FULL');
    for (const turn of turns.slice(0, 3))
      await publish(1, new Int16Array(), { ...turn, last: true });
    for (const { turnId } of turns.slice(0, 3)) await final(turnId);
    await send(silence(0.1));
    expect((await final()).data.error?.code).toBe('NO_SPEECH');
  });

  it('keeps its sentences when new ones cannot be used, and says why in health', async () => {
    const broken = { intents: [{ name: 'bad', patterns: ['turn (on'] }], lists: {} };
    await peer.publish(intentsRegistry, broken);
    const report = await reportOf(peer, 'stt-worker', ({ state }) => state === 'degraded');
    expect(report.reason).toMatch(/bad/);
    await peer.publish(intentsRegistry, HOUSE);
    await reportOf(peer, 'stt-worker', ({ state }) => state === 'ready');
  });

  it('transcribes a whole recording', async () => {
    const body = bytesOf(silence(1));
    const { data } = await peer.call(transcribe, { rate: 16_000, channels: 1 }, { body });
    expect(data.error?.code).toBe('NO_SPEECH');
  });

  it('refuses a recording of more than a minute', async () => {
    const body = new Uint8Array(61 * 8_000 * 2);
    const call = peer.call(transcribe, { rate: 8_000, channels: 1 }, { body });
    await expect(call).rejects.toMatchObject({ remoteCode: 'PAYLOAD_TOO_LARGE' });
  });

  it.skipIf(!clip)('hears a person, and says so while they speak', async () => {
    const samples = clip?.samples ?? silence(1);
    await send(joined(samples, noise(1, -60)));
    expect((await final()).data).toMatchObject({ text: 'what time is it' });
    expect(ears.partials.messages.length).toBeLessThan(20);
  });

  it.skipIf(!clip)('hears a person in a recording with two channels', async () => {
    const samples = clip?.samples ?? silence(1);
    const stereo = new Int16Array(samples.length * 2);
    for (const [i, sample] of samples.entries()) stereo.fill(sample, 2 * i, 2 * i + 2);
    const format = { rate: 16_000, channels: 2 } as const;
    const { data } = await peer.call(transcribe, format, { body: bytesOf(stereo) });
    expect(data).toMatchObject({ text: 'what time is it', engine: 'soundswallower' });
    expect(data.confidence).toBeGreaterThan(0.8);
  });
});
