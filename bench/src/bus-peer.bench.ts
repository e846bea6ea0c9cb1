/** The other side of the bus bench, a process of its own: a raw MQTT.js echo and a service of the bus. */
import { connectBus } from './connect.ts';
import { ask, connectRaw, rawTopics } from './bus-wire.bench.ts';

const [url = ''] = process.argv.slice(2);

const raw = await connectRaw(url);
for (const qos of [0, 1] as const) {
  const { question, answer } = rawTopics(qos);
  await raw.subscribeAsync(question, { qos });
  raw.on('message', (topic, payload) => {
    if (topic === question) raw.publish(answer, payload, { qos });
  });
}

const bus = await connectBus(url);
for (const qos of [0, 1] as const) {
  await bus.serve(ask(qos), async ({ data: { text } }) => ({ data: { text } }));
}

process.once('disconnect', () => process.exit());
process.send?.({ ready: true });
