/** Looks at a port of this machine: is it free, and if not, who has it? */
import { connect as connectTcp, createServer } from 'node:net';
import { connect } from './connect.ts';
import { BROKER_HOST } from '../broker/embedded-broker.ts';
import { healthOf, works } from './house.ts';
import type { CliSettings } from '../settings.ts';

/** Loopback answers in less than a millisecond; a machine under load may need longer. */
const TCP_MS = 1_000;
const MQTT_MS = 2_000;
/** Retained messages come right after the subscription. */
const RETAINED_MS = 500;

export type PortUse = 'free' | 'hearth' | 'mqtt' | 'other';

export async function usedBy(port: number, settings: CliSettings): Promise<PortUse> {
  if (!(await answersTcp(port))) return 'free';
  const url = `mqtt://${BROKER_HOST}:${port}`;
  const bus = await connect({ url, settings, timeoutMs: MQTT_MS }).catch(() => undefined);
  if (!bus) return 'other';
  try {
    const router = await healthOf(bus, 'router', { timeoutMs: RETAINED_MS });
    return works(router) ? 'hearth' : 'mqtt';
  } finally {
    await bus.close({ timeoutMs: 500 });
  }
}

function answersTcp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ port, host: BROKER_HOST, timeout: TCP_MS });
    const answer = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

/** One that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: BROKER_HOST }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
