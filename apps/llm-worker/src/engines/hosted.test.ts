import { existsSync } from 'node:fs';
import path from 'node:path';
import type { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anthropic } from './anthropic.ts';
import { generatorSpec } from './generator-spec.ts';
import { google } from './google.ts';
import type { ModelSource } from './model-source.ts';
import { openai } from './openai.ts';
import type { Provider } from './provider.ts';
import { ask, houseOf, providerAt, startMock } from './provider-fixture.ts';

const ENGINES = process.env['HEARTH_ENGINES_DIR'] ?? '';
const isInstalled = ({ name }: ModelSource) =>
  ENGINES !== '' && existsSync(path.join(ENGINES, 'node_modules', '@ai-sdk', name));

/** What follows the address of the server in each maker's API. */
const MAKERS: [ModelSource, string][] = [
  [openai, '/v1'],
  [anthropic, '/v1'],
  [google, '/v1beta'],
];
const LONG =
  'It is a fine day in the kitchen. The kettle is warm, and the bread is fresh. Enjoy it.';

let mock: LLMock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.stop());
beforeEach(() => {
  mock.reset();
  mock.onMessage('tell me about the day', { content: LONG });
  mock.on(
    { userMessage: 'weather', hasToolResult: false },
    { toolCalls: [{ name: 'weather', arguments: '{"day":"today"}', id: 'call_1' }] },
  );
  mock.on({ userMessage: 'weather', hasToolResult: true }, { content: 'It rains.' });
  mock.onMessage('break', { error: { message: 'secret' }, status: 401 });
  mock.on({}, { content: 'Say that again, please.' });
});

for (const [source, api] of MAKERS) {
  const { name } = source;
  const why = `@ai-sdk/${name} is not in HEARTH_ENGINES_DIR`;

  describe.skipIf(!isInstalled(source))(`${name} (skipped when ${why})`, () => {
    let engine: Provider;
    beforeAll(async () => {
      engine = await providerAt(source, `${mock.url}${api}`);
      await engine.load();
    });

    generatorSpec(name, () => engine, {
      long: 'tell me about the day',
      recalling: 'where are my keys',
    });

    it('uses tools', async () => {
      const schema = { type: 'object', properties: { day: { type: 'string' } } };
      const offers = [{ name: 'weather', description: 'Tells the weather', schema }];
      const use = async () => ({ content: 'rain', isError: false });
      const { text, notes } = await ask(engine, 'weather', { tools: houseOf({ offers, use }) });
      expect(text).toBe('It rains.');
      expect(notes).toEqual([expect.stringMatching(/^tokens \d+\+\d+$/)]);
    });

    it('says what is wrong without repeating it', async () => {
      const error = await ask(engine, 'break').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'LLM_UNAUTHORIZED' });
      expect(String(error)).not.toContain('secret');
    });
  });
}

describe.each(MAKERS.map(([source]) => source))('$name', (source) => {
  it('says how it is installed', async () => {
    const engine = await providerAt(source, 'http://127.0.0.1:1', { enginesDir: 'nowhere' });
    await expect(engine.load()).rejects.toMatchObject({
      code: 'LLM_UNAVAILABLE',
      message: `${source.name} is not installed. Run: npx hearth engines add ${source.name}`,
    });
  });
});
