/** What both sides of the bus bench share: topics, and a raw MQTT.js client set up as well as can be. */
import { connect as connectTcp } from 'node:net';
import type { Call, Topic } from '@hearth/contracts';
import { MqttClient } from 'mqtt';
import { z } from 'zod';
import { expectWithin, met } from './deadline.ts';

export type Qos = 0 | 1;

const CONNECT_LIMIT_MS = 10_000;

interface Text {
  readonly text: string;
}

const text = z.strictObject({ text: z.string().max(1_000) });

const calls: Readonly<Record<Qos, Call<Text, Text>>> = { 0: call(0), 1: call(1) };

export function ask(qos: Qos): Call<Text, Text> {
  return calls[qos];
}

function call(qos: Qos): Call<Text, Text> {
  return {
    request: topic(`bench/question${qos}`, qos),
    reply: topic(`bench/answer${qos}`, qos),
    timeoutMs: 5_000,
  };
}

function topic(name: string, qos: Qos): Topic<Text> {
  return { name, schema: text, scope: 'house', format: 'json', qos, retain: false, about: 'Bench' };
}

export function rawTopics(qos: Qos): { readonly question: string; readonly answer: string } {
  return { question: `bench/raw/question${qos}`, answer: `bench/raw/answer${qos}` };
}

/** Like the bus: MQTT 5 where the broker knows it, and each packet at once; Nagle's algorithm would add 40 ms. */
export async function connectRaw(url: string): Promise<MqttClient> {
  return connectAs(url, 5).catch(() => connectAs(url, 4));
}

async function connectAs(url: string, protocolVersion: 4 | 5): Promise<MqttClient> {
  const { hostname, port } = new URL(url);
  const client = new MqttClient(
    () => connectTcp({ host: hostname, port: Number(port), noDelay: true, keepAlive: true }),
    { protocolVersion, clean: true, reconnectPeriod: 0, connectTimeout: CONNECT_LIMIT_MS },
  );
  const connected = expectWithin<void>(CONNECT_LIMIT_MS, () => `no connection to ${url}`);
  client.once('connect', () => connected.resolve());
  client.on('error', connected.reject);
  try {
    await met(connected);
    return client;
  } catch (error) {
    client.end(true);
    throw error;
  }
}
