import { readFile } from 'node:fs/promises';
import { createId, textIn } from '@hearth/contracts';
import { type Bus, createBus, createLog, connectMqtt } from '@hearth/runtime';
import { collect, mosquittoPath, startTestBroker, type TestBroker } from '@hearth/runtime/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

const why = mosquittoPath() ? '' : ' (skipped: mosquitto is not installed)';
const read = (file: string) => readFile(new URL(`../mosquitto/${file}`, import.meta.url), 'utf8');

let broker: TestBroker;
const buses: Bus[] = [];

describe.skipIf(why)(`the broker of the containers${why}`, () => {
  beforeAll(async () => {
    const config = (await read('mosquitto.conf'))
      .replace(/^listener .*$/m, '')
      .replaceAll('/mosquitto/config/', 'DIR/')
      .replaceAll('/mosquitto/data/', 'DIR/');
    broker = await startTestBroker({
      kind: 'mosquitto',
      config,
      files: { acl: await read('acl'), password: await read('password.example') },
    });
  });
  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.close()));
  });
  afterAll(() => broker.stop());

  it('starts with its limits and takes the user of the example', async () => {
    const bus = await connect('change-me');
    await ready(bus);
    const heard = await collect(bus, textIn);
    await bus.publish(textIn, 'hello', { siteId: 'kitchen' });
    expect((await heard.until()).data).toBe('hello');
  });

  it('refuses a wrong password, and the bus says so', async () => {
    const bus = await connect('guess');
    await vi.waitFor(() => expect(bus.state).toMatchObject({ status: 'offline' }), 5_000);
    expect(bus.state.reason).toMatch(/MQTT_PASSWORD/);
  });

  it('lets nobody in without a name', async () => {
    const bus = await connect(undefined);
    await vi.waitFor(() => expect(bus.state).toMatchObject({ status: 'offline' }), 5_000);
    expect(bus.state.reason).toMatch(/MQTT_USERNAME/);
  });
});

async function connect(password: string | undefined): Promise<Bus> {
  const log = await createLog({ name: 'test', level: 'silent', format: 'json' });
  const transport = connectMqtt({
    url: broker.url,
    clientId: `test-${createId()}`,
    username: password && 'hearth',
    password,
    log,
  });
  const bus = createBus({ transport, source: 'test', log });
  buses.push(bus);
  return bus;
}

async function ready(bus: Bus): Promise<void> {
  await vi.waitFor(() => expect(bus.state.status).toBe('ready'), 5_000);
}
