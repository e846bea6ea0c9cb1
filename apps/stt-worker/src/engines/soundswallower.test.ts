import { compileGrammar, toJsgf } from '@hearth/core';
import { siblingModule } from '@hearth/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUSE } from '../fixtures/house.ts';
import { recordings } from '../fixtures/recordings.ts';
import { noise } from '../fixtures/sounds.ts';
import { Engine } from './soundswallower.ts';
import { transcriberSpec } from './transcriber-spec.ts';

const sentences = toJsgf(compileGrammar(HOUSE));
const wakeWords = ['alexa', 'computer', 'hey jarvis'];

const NOTHING = /^$/;
const clips = await recordings([
  { file: 'speech/what_time_is_it.wav', text: /^what time is it$/ },
  { file: 'speech/play_the_beatles.wav', text: /^play the beatles$/ },
  { file: 'speech/living_room_light_en.wav', text: /^turn on (the )?living room light$/ },
  { file: 'speech/lamp_44k1_stereo.wav', text: /^turn on (the )?living room lamp$/ },
  { file: 'speech/this_is_a_test.wav', text: /^this is a test$/ },
  { file: 'speech/jfk.wav', text: NOTHING },
  { file: 'speech/librivox_0870.wav', text: NOTHING },
  { file: 'speech/librivox_0880.wav', text: NOTHING },
  { file: 'speech/vosk_test.wav', text: NOTHING },
  { file: 'speech/two_cities.wav', text: NOTHING },
  { file: 'wake/alexa.wav', text: NOTHING },
  { file: 'wake/computer.wav', text: NOTHING },
  { file: 'wake/hey_jarvis.wav', text: NOTHING },
  { file: 'wake/snowboy.wav', text: NOTHING },
]);
const spoken = clips.map((clip) => ({ ...clip, name: clip.file }));

transcriberSpec({
  name: 'soundswallower',
  spec: {
    name: 'soundswallower',
    module: siblingModule(import.meta.url, './soundswallower'),
    options: { wakeWords },
    methods: ['transcribe', 'listen', 'learn'],
    terminable: true,
  },
  sentences,
  spoken,
});

describe('soundswallower', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = new Engine({ wakeWords });
    await engine.load();
  });
  afterAll(() => engine.close());

  it('refuses to hear before it was taught', async () => {
    await expect(engine.transcribe({ samples: noise(1, -20) })).rejects.toMatchObject({
      code: 'UNTAUGHT',
    });
  });

  it('takes sentences with words that are in no dictionary', () => {
    const words = ['light', 'zigbee', 'rolladen', 'qwrt'];
    engine.learn({ rules: `<command> = turn on the ( ${words.join(' | ')} );`, words });
  });

  it('takes new sentences again and again', () => {
    for (let i = 0; i < 20; i++) engine.learn(sentences);
  });

  it('keeps what it learnt when the next sentences are broken', async () => {
    engine.learn(sentences);
    expect(() => engine.learn({ rules: '<command> = ((;', words: [] })).toThrow(
      expect.objectContaining({ code: 'BAD_GRAMMAR' }),
    );
    const [clip] = spoken;
    const heard = await engine.transcribe({ samples: clip?.samples ?? noise(1, -20) });
    expect(heard.text).toMatch(clip?.text ?? NOTHING);
  });

  it('drops half an utterance when the sentences change in the middle of it', async () => {
    const samples = noise(0.5, -20);
    await engine.listen({ utterance: 'a', from: 0, samples });
    engine.learn(sentences);
    expect(await engine.listen({ utterance: 'a', from: samples.length, samples })).toEqual({
      text: '',
    });
  });

  it('gives up on speech that is longer than any command', async () => {
    const heard = await engine.transcribe({ samples: noise(60, -20) });
    expect(heard).toMatchObject({ text: '', confidence: 0 });
  });

  const [first, second] = spoken;
  it.skipIf(!first || !second)('hears two people who speak at the same time', async () => {
    const people = [first, second].flatMap((clip) => (clip ? [clip] : []));
    for (let from = 0; from < 64_000; from += 1_600) {
      for (const { name, samples } of people) {
        const piece = samples.slice(from, from + 1_600);
        if (piece.length > 0) await engine.listen({ utterance: name, from, samples: piece });
      }
    }
    for (const { name, samples, text } of people.toReversed()) {
      const heard = await engine.transcribe({ utterance: name, samples });
      expect(heard.text).toMatch(text);
    }
  });
});
