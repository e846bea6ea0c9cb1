import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { type Health, health, sttFinal, ttsControl } from '@hearth/contracts';
import { type Bus, connectMqtt, createBus, createLog, type Log } from '@hearth/runtime';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type EmbeddedBroker, startEmbeddedBroker } from './embedded-broker.ts';

let log: Log;
const cleanup: (() => Promise<void>)[] = [];

beforeAll(async () => {
  log = await createLog({ name: 'test', level: 'silent', format: 'json' });
});

afterEach(async () => {
  for (const step of cleanup.splice(0).toReversed()) await step();
});

async function startBroker(maxPacketBytes?: number): Promise<EmbeddedBroker> {
  const broker = await startEmbeddedBroker({
    port: 0,
    log,
    ...(maxPacketBytes && { maxPacketBytes }),
  });
  cleanup.push(() => broker.stop());
  return broker;
}

let clients = 0;
async function join({ url }: EmbeddedBroker): Promise<Bus> {
  clients += 1;
  const transport = connectMqtt({ url, clientId: `test-${clients}`, log });
  const bus = createBus({ transport, source: 'test', log });
  cleanup.push(() => bus.close({ timeoutMs: 500 }));
  await vi.waitFor(() => expect(bus.state.status).toBe('ready'), { timeout: 5_000 });
  return bus;
}

const READY: Health = { state: 'ready', since: 1, version: '0.1.0' };
const INSTANCE = { service: 'router', instance: 'main' };

describe('embedded broker', () => {
  it('carries messages from one process to another', async () => {
    const broker = await startBroker();
    const [one, two] = [await join(broker), await join(broker)];
    const heard: string[] = [];
    await two.subscribe(sttFinal, ({ data, context }) =>
      heard.push(`${context.siteId} ${data.text}`),
    );
    const said = { text: 'lamp on', confidence: 1, speechMs: 900, engine: 'test' };
    await one.publish(sttFinal, said, { siteId: 'kitchen', turnId: 't1' });
    await vi.waitFor(() => expect(heard).toEqual(['kitchen lamp on']));
  });

  it('keeps retained messages for those who come later', async () => {
    const broker = await startBroker();
    const early = await join(broker);
    await early.publish(health, READY, { instance: INSTANCE });
    const late = await join(broker);
    const seen: string[] = [];
    await late.subscribe(health, ({ instance, data }) =>
      seen.push(`${instance?.service} ${data.state}`),
    );
    await vi.waitFor(() => expect(seen).toEqual(['router ready']));
  });

  it('listens on loopback only', async () => {
    const broker = await startBroker();
    expect(broker.url).toBe(`mqtt://127.0.0.1:${broker.port}`);
  });

  it('says PORT_TAKEN when the port is taken', async () => {
    const { port } = await startBroker();
    await expect(startEmbeddedBroker({ port, log })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining(String(port)),
    });
  });

  it('cuts off a client whose packet is too big at once, and serves the others on', async () => {
    const broker = await startBroker(100_000);
    const [one, two] = [await join(broker), await join(broker)];
    const socket = connectTcp({ port: broker.port, host: '127.0.0.1' });
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    // CONNECT, MQTT 3.1.1, clean, client id "big"; then the head of a PUBLISH of 268,435,455 bytes.
    socket.write(Buffer.from('100f00044d5154540402003c0003626967', 'hex'));
    socket.write(Buffer.from('30ffffff7f', 'hex'));
    socket.resume();
    await once(socket, 'close');

    const heard: string[] = [];
    await two.subscribe(ttsControl, ({ data }) => heard.push(data.action));
    await one.publish(ttsControl, { action: 'stop' }, { siteId: 'kitchen' });
    await vi.waitFor(() => expect(heard).toEqual(['stop']));
  });

  it('keeps no queue for a client that is away, even if it asks for one', async () => {
    const broker = await startBroker();
    // The same client twice, asking for a kept session: CONNACK must say "no session" both times.
    for (let visit = 0; visit < 2; visit += 1) {
      const socket = connectTcp({ port: broker.port, host: '127.0.0.1' });
      socket.write(Buffer.from('100f00044d5154540400003c00036b6565', 'hex'));
      const [connack]: Buffer[] = await once(socket, 'data');
      expect(connack?.toString('hex')).toBe('20020000');
      // SUBSCRIBE to "a" with QoS 1.
      socket.write(Buffer.from('820600010001610 1'.replace(' ', ''), 'hex'));
      await once(socket, 'data');
      socket.end();
      await once(socket, 'close');
    }
  });
});
