/** The broker of a run: mosquitto where it is installed, else the one that comes with Hearth, in a process of its own. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { siblingModule } from '@hearth/runtime';
import { mosquittoPath, startTestBroker } from '@hearth/runtime/testing';
import { z } from 'zod';
import { startFork } from './children.ts';
import { firstMessage } from './first-message.ts';

export interface Broker {
  readonly url: string;
  /** E.g. `mosquitto 2.0.21`. */
  readonly name: string;
  readonly stop: () => Promise<void>;
}

const run = promisify(execFile);

export async function startBroker(): Promise<Broker> {
  const program = mosquittoPath();
  return program ? startMosquitto(program) : startAedes();
}

async function startMosquitto(program: string): Promise<Broker> {
  const broker = await startTestBroker({ kind: 'mosquitto' });
  // Its help comes with an exit code that is not 0, or not, as versions go.
  const { stdout } = await run(program, ['-h']).catch((error: { stdout: string }) => error);
  const version = /version ([\d.]+)/.exec(stdout)?.[1] ?? 'of an unknown version';
  return { url: broker.url, name: `mosquitto ${version}`, stop: () => broker.stop() };
}

async function startAedes(): Promise<Broker> {
  const entry = siblingModule(import.meta.url, './broker-process');
  const child = startFork(entry, []);
  const { url } = await firstMessage(child, z.object({ url: z.string() }));
  return { url, stop: child.stop, name: `aedes ${await aedesVersion()}` };
}

async function aedesVersion(): Promise<string> {
  const testing = fileURLToPath(import.meta.resolve('@hearth/runtime/testing'));
  const manifest = path.resolve(testing, '../../../../node_modules/aedes/package.json');
  const text = await readFile(manifest, 'utf8').catch(() => '{}');
  return z.object({ version: z.string().default('of an unknown version') }).parse(JSON.parse(text))
    .version;
}
