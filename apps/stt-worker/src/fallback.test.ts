/** A worker that asks a server, with the embedded engine behind it, on a real broker. */
import { createId, audioIn, intentsRegistry, sttFinal, transcribe } from '@hearth/contracts';
import { bytesOf } from '@hearth/core';
import type { Bus } from '@hearth/runtime';
import {
  collect,
  reportOf,
  runTestService,
  startTestBroker,
  type TestBroker,
  type TestService,
} from '@hearth/runtime/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HOUSE } from './fixtures/house.ts';
import { says, startOpenAiServer } from './fixtures/openai-server.ts';
import { recordings } from './fixtures/recordings.ts';
import { babble, joined, noise } from './fixtures/sounds.ts';
import { sttService } from './service.ts';

const [clip] = await recordings([{ file: 'speech/what_time_is_it.wav' }]);
const server = await startOpenAiServer();
let broker: TestBroker;
let service: TestService;
let peer: Bus;

beforeAll(async () => {
  broker = await startTestBroker();
  server.answer = says('Where did I put my keys?');
  service = await runTestService(sttService, broker.url, {
    STT_OPENAI_URL: server.url,
    STT_REMOTE_TIMEOUT_MS: '1000',
  });
  peer = service.peer;
  await peer.publish(intentsRegistry, HOUSE);
});
afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await broker.stop();
  await server.stop();
});

const words = joined(noise(0.5, -65), babble(6), noise(0.3, -65));
const body = bytesOf(clip?.samples ?? words);
const ask = () => peer.call(transcribe, { rate: 16_000, channels: 1 }, { body });

describe('a worker with a server for its ears', () => {
  it('says which engine hears, and why', async () => {
    const fits = ({ details }: { details?: Record<string, unknown> | undefined }) =>
      details?.['engine'] === 'openai';
    const { details } = await reportOf(peer, 'stt-worker', fits);
    expect(details?.['engineChoice']).toMatch(/^openai: /);
  });

  it('publishes what a person dictates frame by frame, once, without partials', async () => {
    const finals = await collect(peer, sttFinal);
    const turn = { siteId: 'kitchen', turnId: createId() };
    const format = { rate: 16_000, channels: 1, turnId: turn.turnId } as const;
    const size = 1_600;
    for (let seq = 0; seq * size < words.length; seq++) {
      const piece = bytesOf(words.slice(seq * size, (seq + 1) * size));
      const last = (seq + 1) * size >= words.length;
      await peer.publish(audioIn, { ...format, seq, last }, { ...turn, body: piece });
    }
    const { data } = await finals.until(({ context }) => context.turnId === turn.turnId);
    expect(data).toMatchObject({ text: 'Where did I put my keys?', engine: 'openai' });
  });

  const failures: [string, typeof server.answer][] = [
    ['refuses', (response) => response.writeHead(401).end()],
    ['fails', (response) => response.writeHead(500).end()],
    ['is silent', () => {}],
    ['talks garbage', (response) => response.end('<html>')],
  ];
  it.each(failures)('hears with the embedded engine while the server %s', async (_, answer) => {
    server.answer = answer;
    const { data } = await ask();
    expect(data.engine).toBe('soundswallower');
    if (clip) expect(data.text).toBe('what time is it');
    const report = await reportOf(peer, 'stt-worker', ({ state }) => state === 'degraded');
    expect(report.reason).toMatch(/soundswallower answers instead/);
  });
});

describe('when the server is back', () => {
  it('it is asked again, and health is good', { timeout: 30_000 }, async () => {
    server.answer = says('Hello again.');
    const again = async () => {
      const { data } = await ask();
      expect(data).toMatchObject({ text: 'Hello again.', engine: 'openai' });
    };
    await vi.waitFor(again, { timeout: 25_000, interval: 1_000 });
    await reportOf(peer, 'stt-worker', ({ state }) => state === 'ready');
  });
});
