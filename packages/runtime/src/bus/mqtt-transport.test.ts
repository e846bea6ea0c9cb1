/** What the bus does when the network, the broker or the settings are wrong. */
import { pbkdf2Sync } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { busError, health, llmCancel, llmDelta, recall, synthesize } from '@hearth/contracts';
import mqtt from 'mqtt';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  mosquittoPath,
  recordLog,
  startTestBroker,
  type TestBroker,
  type TestBrokerOptions,
} from '../testing.ts';
import { type Bus, createBus } from './bus.ts';
import { connectMqtt, type MqttOptions } from './mqtt-transport.ts';

const kinds = ['aedes', 'mosquitto'] as const;
const mosquittoMissing = mosquittoPath() === undefined;
const question = { text: 'keys', topK: 1 };
const noPassages = { data: { passages: [] } };
const starting = { state: 'starting' as const, since: 0, version: '0' };
const instance = { service: 'memory-worker', instance: 'main' };
let joined = 0;

async function start(options: TestBrokerOptions): Promise<TestBroker> {
  const broker = await startTestBroker(options);
  onTestFinished(() => broker.stop());
  return broker;
}

function connect(url: string, options: Partial<MqttOptions> = {}) {
  const { log, lines } = recordLog();
  const transport = connectMqtt({ url, clientId: `client-${joined++}`, log, ...options });
  const bus = createBus({ transport, source: 'test', log });
  onTestFinished(() => bus.close());
  return { bus, transport, lines };
}

async function ready(bus: Bus): Promise<void> {
  await vi.waitFor(() => expect(bus.state.status).toBe('ready'), { timeout: 15_000 });
}

async function offline(bus: Bus, reason: RegExp): Promise<void> {
  await vi.waitFor(
    () =>
      expect(bus.state).toMatchObject({ status: 'offline', reason: expect.stringMatching(reason) }),
    { timeout: 15_000 },
  );
}

/** A line of mosquitto's password file. */
function passwordLine(username: string, password: string): string {
  const salt = Buffer.from('twelve bytes');
  const hash = pbkdf2Sync(password, salt, 101, 64, 'sha512');
  return `${username}:$7$101$${salt.toString('base64')}$${hash.toString('base64')}\n`;
}

/** A broker that lets in `user` with `password` only. */
async function startWithPassword(kind: 'aedes' | 'mosquitto', password: string, port = 0) {
  const broker = await start({
    kind,
    ...(port > 0 && { port }),
    config: 'allow_anonymous false\npassword_file DIR/password',
    files: { password: passwordLine('user', password) },
  });
  if (broker.aedes) {
    broker.aedes.authenticate = (_client, username, given, done) => {
      if (username === 'user' && given?.toString() === password) return done(null, true);
      return done(Object.assign(new Error('no'), { returnCode: 4 }), null);
    };
  }
  return broker;
}

for (const kind of kinds) {
  const missing = kind === 'mosquitto' && mosquittoMissing;
  const why = missing ? ' (skipped: mosquitto is not installed)' : '';

  describe.skipIf(missing)(`MQTT over ${kind}${why}`, () => {
    it('comes back after a restart of the broker: subscriptions, retained messages and what waited', async () => {
      const first = await start({ kind });
      const worker = connect(first.url);
      const caller = connect(first.url);
      await worker.bus.serve(recall, async () => noPassages);
      await worker.bus.publish(health, starting, { instance });
      await caller.bus.call(recall, question);

      await first.stop();
      await Promise.all([offline(worker.bus, /./), offline(caller.bus, /./)]);
      const waiting = caller.bus.publish(llmCancel, {});
      const second = await start({ kind, port: first.port });
      const watcher = connect(second.url);
      const states: string[] = [];
      await watcher.bus.subscribe(health, ({ data }) => states.push(data.state));

      await Promise.all([ready(worker.bus), ready(caller.bus)]);
      await expect(caller.bus.call(recall, question)).resolves.toBeDefined();
      await vi.waitFor(() => expect(states).toEqual(['starting']));
      await waiting;
    });

    it('finishes calls that are under way when the broker restarts, if they may be repeated', async () => {
      const first = await start({ kind });
      const worker = connect(first.url);
      const caller = connect(first.url);
      const gate = Promise.withResolvers<void>();
      const asked = vi.fn(() => gate.promise.then(() => noPassages));
      await worker.bus.serve(recall, asked, { concurrency: 40 });
      const calls = Array.from({ length: 40 }, () =>
        caller.bus.call(recall, question, { timeoutMs: 15_000, attempts: 15 }),
      );
      await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(40));
      await first.stop();
      gate.resolve();
      await start({ kind, port: first.port });
      await expect(Promise.all(calls)).resolves.toHaveLength(40);
      expect(asked).toHaveBeenCalledTimes(40);
    });

    it('says once that nothing listens there, tries again, and connects when there is a broker', async () => {
      const first = await start({ kind });
      await first.stop();
      const { bus, lines } = connect(first.url);
      await offline(bus, /nothing listens at mqtt:\/\/127\.0\.0\.1:\d+: is the broker running/);
      // Subscribing and publishing do not wait for ever meanwhile.
      await bus.serve(recall, async () => noPassages);
      await expect(bus.publish(llmCancel, {}, { deadlineMs: 700 })).rejects.toMatchObject({
        code: 'OFFLINE',
      });
      expect(lines).toHaveLength(1);

      const second = await start({ kind, port: first.port });
      await ready(bus);
      expect(lines).toHaveLength(2);
      await expect(connect(second.url).bus.call(recall, question)).resolves.toBeDefined();
    });

    it('says once that the password is wrong, keeps trying, and never writes it', async () => {
      const first = await startWithPassword(kind, 'old secret');
      const tries = vi.fn();
      first.aedes?.on('clientError', tries);
      const { bus, lines } = connect(first.url.replace('//', '//user:new%20secret@'));
      await offline(bus, /refuses the user "user": check MQTT_USERNAME and MQTT_PASSWORD/);
      await expect(bus.publish(llmCancel, {}, { deadlineMs: 1_500 })).rejects.toMatchObject({
        code: 'OFFLINE',
      });
      expect(lines).toHaveLength(1);

      await first.stop();
      await startWithPassword(kind, 'new secret', first.port);
      await ready(bus);
      expect(lines.join('')).not.toContain('secret');
    });

    it('says that another program has the same client id', async () => {
      const broker = await start({ kind });
      const one = connect(broker.url, { clientId: 'double' });
      await ready(one.bus);
      const two = connect(broker.url, { clientId: 'double' });
      const said = ({ lines }: { lines: readonly string[] }) =>
        lines.filter((line) => /client id \\"double\\".*HEARTH_INSTANCE/.test(line));
      await vi.waitFor(() => expect([...said(one), ...said(two)]).not.toHaveLength(0), {
        timeout: 15_000,
      });
      expect(said(one).length).toBeLessThanOrEqual(1);
      expect(said(two).length).toBeLessThanOrEqual(1);
      // Before that: closed or reset, and connected, each once or twice.
      expect(Math.max(one.lines.length, two.lines.length)).toBeLessThanOrEqual(5);
      const losers = [one.bus.state, two.bus.state].filter(({ status }) => status === 'offline');
      expect(losers[0]?.reason).toMatch(/client id "double"/);
    });

    it('delivers what waited for a kept session, even to a subscriber that comes late', async () => {
      const broker = await start({ kind });
      const options = { clientId: 'memory-worker', sessionExpiryS: 60 };
      const before = connect(broker.url, options);
      await before.bus.serve(recall, async () => noPassages);
      await before.bus.close();

      const caller = connect(broker.url);
      const call = caller.bus.call(recall, question, { timeoutMs: 10_000 });
      await vi.waitFor(() => expect(caller.bus.stats.pendingCalls).toBe(1));
      await vi.waitFor(() => expect(caller.bus.stats.outbox).toBe(0));
      const after = connect(broker.url, options);
      await ready(after.bus);
      await after.bus.serve(recall, async () => noPassages);
      await expect(call).resolves.toBeDefined();
    });

    it('refuses a message above its own limit, names the limit, and lives on', async () => {
      const broker = await start({ kind });
      const { bus } = connect(broker.url, { limitBytes: 1_000 });
      await expect(
        bus.publish(llmDelta, { seq: 0, text: 'x'.repeat(1_000) }),
      ).rejects.toMatchObject({
        code: 'PAYLOAD_TOO_LARGE',
        message: expect.stringContaining('limit of 1000'),
      });
      await expect(bus.publish(llmDelta, { seq: 0, text: 'x' })).resolves.toBeUndefined();
    });

    it('waits for a handler to be gone from the broker when a subscription closes', async () => {
      const broker = await start({ kind });
      const { bus } = connect(broker.url);
      const seen = vi.fn();
      const first = await bus.subscribe(llmDelta, seen);
      const second = await bus.subscribe(llmDelta, seen);
      await first.close();
      await bus.publish(llmDelta, { seq: 0, text: 'x' });
      await vi.waitFor(() => expect(seen).toHaveBeenCalledOnce());
      await second.close();
      const end = vi.fn();
      await bus.subscribe(llmCancel, end);
      await bus.publish(llmDelta, { seq: 1, text: 'x' });
      await bus.publish(llmCancel, {});
      await vi.waitFor(() => expect(end).toHaveBeenCalledOnce());
      expect(seen).toHaveBeenCalledOnce();
    });
  });
}

describe('MQTT without a broker', () => {
  it('refuses with QUEUE_FULL when 1,000 publications wait, and gives up on each at its time limit', async () => {
    const { bus } = connect('mqtt://127.0.0.1:1');
    await offline(bus, /nothing listens/);
    const publish = () => bus.publish(llmCancel, {}, { deadlineMs: 1_000 });
    const waiting = Array.from({ length: 1_000 }, publish).map((one) =>
      expect(one).rejects.toMatchObject({ code: 'OFFLINE' }),
    );
    await vi.waitFor(() => expect(bus.stats.outbox).toBe(1_000));
    await expect(publish()).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    await Promise.all(waiting);
    expect(bus.stats.outbox).toBe(0);
  });

  it('does not keep QoS 0 messages for later', async () => {
    const { bus } = connect('mqtt://127.0.0.1:1');
    await offline(bus, /nothing listens/);
    const report = { code: 'X', topic: 'x', reason: 'x' };
    await expect(bus.publish(busError, report)).rejects.toMatchObject({ code: 'OFFLINE' });
  });

  it('cancels a publication that waits', async () => {
    const { bus } = connect('mqtt://127.0.0.1:1');
    const stop = new AbortController();
    const waiting = bus.publish(llmCancel, {}, { signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(bus.stats.outbox).toBe(0);
  });

  it('says that a host is not known', async () => {
    const { bus } = connect('mqtt://no-such-host.invalid');
    await offline(bus, /the host of mqtt:\/\/no-such-host.invalid:1883 is not known/);
  });

  it.each(['http://host', 'nonsense', 'mqtt://user:pa%ss@host'])(
    'refuses the address %s without repeating it',
    (url) => {
      const { log } = recordLog();
      expect(() => connectMqtt({ url, clientId: 'x', log })).toThrow(
        /must be like mqtt:\/\/host:1883/,
      );
    },
  );

  it('closes at once while it connects to a host that never answers', async () => {
    const server = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => void server.close());
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const { bus } = connect(`mqtt://127.0.0.1:${address.port}`);
    await vi.waitFor(async () => {
      const count = await new Promise<number>((resolve) => {
        server.getConnections((_error, open) => resolve(open));
      });
      expect(count).toBe(1);
    });
    await bus.close({ timeoutMs: 10_000 });
    await vi.waitFor(async () => {
      const count = await new Promise<number>((resolve) => {
        server.getConnections((_error, open) => resolve(open));
      });
      expect(count).toBe(0);
    });
  });
});

describe('access rules of the broker', () => {
  it('says once that a subscription is denied, in the state too, and goes on with the others', async () => {
    const broker = await start({ kind: 'aedes' });
    if (!broker.aedes) throw new Error('no aedes');
    broker.aedes.authorizeSubscribe = (_client, wanted, done) =>
      done(null, wanted.topic.startsWith('hearth/llm') ? null : wanted);
    const { bus, lines } = connect(broker.url);
    await bus.subscribe(llmDelta, () => undefined);
    await bus.serve(recall, async () => noPassages);
    await ready(bus);
    expect(bus.state.reason).toMatch(/denies .* the subscription to hearth\/llm\/delta/);
    expect(lines.filter((line) => line.includes('denies'))).toHaveLength(1);
    await expect(bus.call(synthesize, { text: 'x' }, { timeoutMs: 100 })).rejects.toThrow(
      /no reply within 100 ms \(.*denies/,
    );
    await expect(bus.call(recall, question)).resolves.toBeDefined();
  });

  it('finds a publication that breaks the connection, refuses it, and sends the others', async () => {
    const broker = await start({ kind: 'aedes' });
    if (!broker.aedes) throw new Error('no aedes');
    broker.aedes.authorizePublish = (_client, { topic }, done) =>
      done(topic === 'hearth/llm/cancel' ? new Error('no') : null);
    const { bus } = connect(broker.url);
    await ready(bus);
    const poison = expect(bus.publish(llmCancel, {})).rejects.toMatchObject({ code: 'REFUSED' });
    await expect(bus.publish(llmDelta, { seq: 0, text: 'x' })).resolves.toBeUndefined();
    await poison;
  });

  it.skipIf(mosquittoMissing)(
    'finds a broker that grants subscriptions and delivers nothing (needs mosquitto)',
    async () => {
      const broker = await start({
        kind: 'mosquitto',
        config: 'acl_file DIR/acl',
        files: { acl: 'topic write hearth/#\n' },
      });
      const { bus, lines } = connect(broker.url);
      await offline(bus, /accepts but does not deliver .* hearth\/ping\/client-\d+/);
      expect(lines).toHaveLength(1);
    },
  );

  it.skipIf(mosquittoMissing)(
    'rejects what an MQTT 5 broker does not let us publish (needs mosquitto)',
    async () => {
      const broker = await start({
        kind: 'mosquitto',
        config: 'acl_file DIR/acl',
        files: { acl: 'topic read hearth/#\ntopic write hearth/ping/#\n' },
      });
      const { bus } = connect(broker.url);
      await expect(bus.publish(llmCancel, {})).rejects.toMatchObject({ code: 'REFUSED' });
      await ready(bus);
    },
  );
});

describe.skipIf(mosquittoMissing)('MQTT over mosquitto only (needs mosquitto)', () => {
  it('publishes and closes within their limits when the broker is frozen, and recovers', async () => {
    const broker = await start({ kind: 'mosquitto' });
    const { bus } = connect(broker.url);
    const closing = connect(broker.url);
    const idle = connect(broker.url);
    await bus.serve(recall, async () => noPassages);
    await Promise.all([ready(bus), ready(closing.bus), ready(idle.bus)]);
    process.kill(broker.pid ?? 0, 'SIGSTOP');
    await expect(bus.publish(llmCancel, {}, { deadlineMs: 300 })).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
    await expect(bus.call(recall, question, { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
    const unsent = expect(closing.bus.publish(llmCancel, {})).rejects.toMatchObject({
      code: 'CLOSED',
    });
    const sockets = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const before = sockets();
    await Promise.all([closing.bus, idle.bus].map((one) => one.close({ timeoutMs: 300 })));
    await unsent;
    // Or the process would never end.
    await vi.waitFor(() => expect(sockets()).toBe(before - 2));
    process.kill(broker.pid ?? 0, 'SIGCONT');
    await expect(bus.call(recall, question)).resolves.toBeDefined();
  });

  it('refuses a message above the limit that the broker tells, and lives on', async () => {
    const broker = await start({ kind: 'mosquitto', config: 'max_packet_size 5000' });
    const { bus } = connect(broker.url);
    await ready(bus);
    await expect(bus.publish(llmDelta, { seq: 0, text: 'x'.repeat(5_000) })).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      message: expect.stringMatching(/limit of 49\d\d/),
    });
    // Just below it goes through: our reckoning is on the safe side.
    await expect(
      bus.publish(llmDelta, { seq: 0, text: 'x'.repeat(4_700) }),
    ).resolves.toBeUndefined();
    expect(bus.state.status).toBe('ready');
  });

  it('lives on when a message is above a limit that the broker does not tell', async () => {
    const broker = await start({ kind: 'mosquitto', config: 'message_size_limit 5000' });
    const { bus } = connect(broker.url);
    await expect(bus.publish(llmDelta, { seq: 0, text: 'x'.repeat(7_000) })).rejects.toMatchObject({
      code: 'REFUSED',
    });
    await expect(bus.publish(llmDelta, { seq: 0, text: 'x' })).resolves.toBeUndefined();
  });

  it('keeps what an oversize message retained out of what is published again', async () => {
    const broker = await start({ kind: 'mosquitto', config: 'max_packet_size 5000' });
    const { bus } = connect(broker.url);
    await ready(bus);
    const details = Object.fromEntries(
      Array.from({ length: 300 }, (_, n) => [`detail-${n}`, 'x'.repeat(20)]),
    );
    await expect(bus.publish(health, { ...starting, details }, { instance })).rejects.toMatchObject(
      {
        code: 'PAYLOAD_TOO_LARGE',
      },
    );
    await broker.stop();
    await offline(bus, /./);
    await start({ kind: 'mosquitto', port: broker.port, config: 'max_packet_size 5000' });
    await ready(bus);
  });

  it('speaks TLS, and refuses a certificate that nobody vouches for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hearth-tls-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = [
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
    ];
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
    ];
    await promisify(execFile)('openssl', [...request, '-keyout', key, '-out', cert, ...subject]);
    const ca = await readFile(cert, 'utf8');
    const broker = await start({
      kind: 'mosquitto',
      config: 'keyfile DIR/key.pem\ncertfile DIR/cert.pem',
      files: { 'key.pem': await readFile(key, 'utf8'), 'cert.pem': ca },
    });
    const url = broker.url.replace('mqtt:', 'mqtts:');
    const { bus } = connect(url, { ca });
    await bus.serve(recall, async () => noPassages);
    await expect(bus.call(recall, question)).resolves.toBeDefined();
    await offline(connect(url).bus, /certificate/);
  });

  it('tells outsiders in MQTT 5 what the envelope says', async () => {
    const broker = await start({ kind: 'mosquitto' });
    const seen: mqtt.IPublishPacket[] = [];
    const other = await mqtt.connectAsync(broker.url, { protocolVersion: 5 });
    onTestFinished(() => other.endAsync(true));
    other.on('message', (_topic, _payload, packet) => seen.push(packet));
    await other.subscribeAsync('hearth/memory/query');
    const { bus } = connect(broker.url);
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await bus.call(recall, question, { timeoutMs: 400, traceparent }).catch(() => undefined);

    const payload = JSON.parse(seen[0]?.payload.toString() ?? '{}');
    expect(seen[0]?.properties).toMatchObject({
      responseTopic: 'hearth/memory/results',
      correlationData: Buffer.from(payload.correlationId),
      messageExpiryInterval: 1,
      userProperties: { traceparent },
    });
  });
});
