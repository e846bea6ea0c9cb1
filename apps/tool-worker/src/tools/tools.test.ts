import { recall, storeMemory } from '@hearth/contracts';
import { createBus, createLog, createMemoryTransport } from '@hearth/runtime';
import { beforeAll, describe, expect, it } from 'vitest';
import { openHome } from '../devices/home.ts';
import { zigbeeContact } from '../fixtures/announcements.ts';
import { clockTool } from './clock.ts';
import { ownTools } from './index.ts';
import { toolSpec } from './tool-spec.ts';
import type { Tool, ToolUse } from './tool.ts';

const log = await createLog({ name: 'test', level: 'silent', format: 'json' });
const transport = createMemoryTransport();
const bus = createBus({ transport, source: 'test', log });
const home = await openHome({
  foreign: bus.foreign,
  prefix: 'homeassistant',
  log,
  onChange: () => undefined,
});
const tools = new Map<string, Tool>();
for (const tool of ownTools({ bus, home, timeZone: 'Europe/Berlin' })) tools.set(tool.name, tool);

beforeAll(async () => {
  const payload = Buffer.from(JSON.stringify(zigbeeContact.payload));
  await transport.publish(
    { topic: zigbeeContact.topic, payload, qos: 1, retain: true },
    { timeoutMs: 1 },
  );
  await expectDevice();
  await bus.serve(
    recall,
    async ({ data }) => ({
      data: {
        passages: [{ id: 1, role: 'fact', text: `about ${data.text}`, ts: 0, score: 1 }],
      },
    }),
    { concurrency: 4 },
  );
  await bus.serve(storeMemory, async () => ({ data: { ids: [1] } }), { concurrency: 4 });
});

async function expectDevice(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => (home.devices.length > 0 ? resolve() : setImmediate(look));
  look();
  await promise;
}

function named(name: string): Tool {
  const tool = tools.get(name);
  if (!tool) throw new Error(`no tool ${name}`);
  return tool;
}

const use: ToolUse = { siteId: 'kitchen', confirmed: false, signal: AbortSignal.timeout(60_000) };

const wrong = { surprise: 'secret' };
toolSpec('clock', () => named('clock'), { good: {}, wrong });
toolSpec('calculate', () => named('calculate'), { good: { sum: '(2 + 3) * 4' }, wrong });
toolSpec('memory_recall', () => named('memory_recall'), { good: { text: 'keys' }, wrong });
toolSpec('memory_remember', () => named('memory_remember'), { good: { fact: 'x' }, wrong });
toolSpec('devices_list', () => named('devices_list'), { good: {}, wrong });
toolSpec('devices_get', () => named('devices_get'), { good: { device: 'kitchen window' }, wrong });

describe('tools of Hearth', () => {
  it('tell the time at home', async () => {
    const tool = clockTool('Europe/Berlin', () => Date.UTC(2026, 10, 21, 14, 5));
    expect((await tool.call({}, use)).content).toBe(
      'It is Saturday, 21 November 2026 at 15:05 (Europe/Berlin).',
    );
  });

  it.each([
    ['(2 + 3) * 4', '20', false],
    ['20 percent of 50', '10', false],
    ['1 / 0', 'That would be a division by zero.', true],
    ['rm -rf', 'That is not a sum.', true],
  ])('work out %s', async (sum, content, isError) => {
    const result = await named('calculate').call({ sum }, use);
    expect(result.content.startsWith(content)).toBe(true);
    expect(result.isError).toBe(isError);
  });

  it('ask the memory, and say so when it does not answer', async () => {
    const { content } = await named('memory_recall').call({ text: 'the keys' }, use);
    expect(content).toBe('1970-01-01T00:00:00.000Z fact: about the keys');
    const lonely = createBus({ transport: createMemoryTransport(), source: 'x', log });
    const alone = ownTools({ bus: lonely, home, timeZone: 'UTC' }).find(
      ({ name }) => name === 'memory_recall',
    );
    expect(await alone?.call({ text: 'the keys' }, use)).toEqual({
      content: 'The memory does not answer.',
      isError: true,
    });
  });
});
