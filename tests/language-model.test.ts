import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from './house.ts';

let house: House;
let model: LLMock;
beforeAll(async () => {
  model = new LLMock({ port: 0 });
  model.on(
    { userMessage: 'where did I put my keys', systemMessage: 'blue drawer' },
    { content: 'They are in the blue drawer, by the window.' },
  );
  model.on(
    { userMessage: 'sides of the garden', hasToolResult: false },
    {
      toolCalls: [
        { name: 'calculate', arguments: '{"sum":"12 * 17"}', id: 'call-1' },
        { name: 'clock', arguments: '{}', id: 'call-2' },
      ],
    },
  );
  model.on({ userMessage: 'sides of the garden', hasToolResult: true }, { content: 'Done.' });
  model.on({}, { content: 'I have not been told.' });
  await model.start();
  house = await openHouse();
  const server = { LLM_BASE_URL: `${model.url}/v1`, LLM_MODEL: 'test' };
  await Promise.all([
    house.start('memory-worker'),
    house.start('tts-worker'),
    house.start('router'),
    house.start('tool-worker'),
  ]);
  await house.start('llm-worker', server);
});
afterAll(async () => {
  await house.stop();
  await model.stop();
});

const ask = (...args: readonly string[]) => house.run('cli', 'ask', ...args);

describe('a house with a server of language models', () => {
  it('answers from its memory, through the model, aloud, within one turn', async () => {
    await ask('my keys are in the blue drawer');
    const { code, json } = await ask('where did I put my keys?', '--speak');
    expect({ code, json }).toMatchObject({
      code: 0,
      json: {
        answer: 'They are in the blue drawer, by the window.',
        audio: expect.stringContaining('.wav'),
        error: null,
        stages: expect.arrayContaining([expect.objectContaining({ name: 'llm.recall' })]),
      },
    });
  });

  it('lets the model use the tools of the house, several at once', async () => {
    const { json } = await ask('multiply the sides of the garden');
    expect(json).toMatchObject({ answer: 'Done.', error: null });
    const sent = JSON.stringify(model.getLastRequest()?.body);
    expect(sent).toMatch(/"tool_call_id":"call-1","content":"[^"]*204/);
    expect(sent).toMatch(/"tool_call_id":"call-2","content":"[^"]*\d/);
  });

  it('answers what it can when the server is gone, and says what it cannot', async () => {
    await model.stop();
    expect((await ask('what is fifteen times three')).json).toMatchObject({
      answer: 'Fifteen times three is 45.',
      error: null,
    });
    expect((await ask('who won the world cup')).json).toMatchObject({
      answer: expect.stringContaining('my language model cannot be reached right now'),
    });
    await model.start();
  });
});
