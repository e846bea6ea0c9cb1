/** Calls on the bus beside the least that MQTT.js can do: a raw echo over the same broker, between the same processes. */
import { createEnvelope } from '@hearth/contracts';
import { type Bus, siblingModule } from '@hearth/runtime';
import type { MqttClient } from 'mqtt';
import { z } from 'zod';
import { alternate } from './alternate.ts';
import type { Bench } from './bench.ts';
import { ask, connectRaw, type Qos, rawTopics } from './bus-wire.bench.ts';
import { startFork } from './children.ts';
import { connectBus } from './connect.ts';
import { expectWithin, type Expectation, met } from './deadline.ts';
import { type Figure, reading, type Target } from './figure.ts';
import { firstMessage } from './first-message.ts';

const ROUNDS = { rounds: 40, perRound: 50 };
const QUESTION = { text: 'is anybody there, and if so, what is the time over there?' };
const ECHO_LIMIT_MS = 5_000;

export const busBench: Bench = {
  name: 'bus',
  about: 'a call on the bus beside a raw MQTT.js echo',
  async run({ broker: { url } }) {
    const peer = startFork(siblingModule(import.meta.url, './bus-peer.bench'), [url]);
    try {
      await firstMessage(peer, z.object({ ready: z.literal(true) }));
      const raw = await connectRaw(url);
      const bus = await connectBus(url);
      const figures = [
        ...(await measure(0, bus, raw)),
        ...(await measure(1, bus, raw, { of: 'ratio', atMost: 2.5 })),
      ];
      await bus.close();
      await raw.endAsync();
      return figures;
    } finally {
      await peer.stop();
    }
  },
};

async function measure(qos: Qos, bus: Bus, raw: MqttClient, target?: Target): Promise<Figure[]> {
  const echo = await createEcho(raw, qos);
  const { subject, baseline } = await alternate(ROUNDS, {
    subject: () => bus.call(ask(qos), QUESTION),
    baseline: echo,
  });
  return (['p50', 'p99'] as const).map((share) => ({
    name: `call, QoS ${qos}, ${share}`,
    unit: 'ms',
    ...reading(subject, share),
    baseline: { name: 'raw MQTT.js echo', ...reading(baseline, share) },
    ...(target && share === 'p50' && { target }),
  }));
}

/** One echo at a time, of as many bytes as the question has in its envelope. */
async function createEcho(raw: MqttClient, qos: Qos): Promise<() => Promise<void>> {
  const { question, answer } = rawTopics(qos);
  const fields = { type: ask(qos).request.name, source: 'bench', data: QUESTION };
  const payload = JSON.stringify(createEnvelope({ ...fields, deadline: Date.now() }, Date.now()));
  let echo: Expectation<void> | undefined;
  raw.on('message', (topic) => {
    if (topic === answer) echo?.resolve();
  });
  await raw.subscribeAsync(answer, { qos });
  return async () => {
    echo = expectWithin(ECHO_LIMIT_MS, () => 'the echo was lost');
    raw.publish(question, payload, { qos });
    await met(echo);
  };
}
