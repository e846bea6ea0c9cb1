import {
  allTopics,
  audioIn,
  recall,
  sttFinal,
  textIn,
  type Topic,
  transcribe,
} from '@hearth/contracts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RuntimeError } from '../errors.ts';
import type { PublishOptions } from './api.ts';
import { checked, encode, open } from './wire.ts';

const sender = { prefix: 'home', source: 'test', now: 1_000 };
const site = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,20}$/);
const samples = fc.uint8Array({ maxLength: 400 }).map((bytes) => bytes.subarray(bytes.length % 2));

function roundTrip<Data>(topic: Topic<Data>, data: Data, options: PublishOptions) {
  return checked(topic, open(topic, encode(topic, data, options, sender), sender.prefix));
}

describe('the wire', () => {
  it('gives back what was put in, samples with line feeds and all', () => {
    fc.assert(
      fc.property(
        site,
        samples,
        fc.string({ minLength: 1, maxLength: 100 }),
        (siteId, body, turnId) => {
          const header = { rate: 16_000, channels: 1 as const, seq: 3, turnId, last: false };
          const frame = roundTrip(audioIn, header, { siteId, body });
          expect(frame.data).toEqual(header);
          expect(Buffer.compare(frame.body, body)).toBe(0);
          expect(frame.context).toMatchObject({ siteId, turnId });

          const format = { rate: 16_000, channels: 1 as const };
          const recording = roundTrip(transcribe.request, format, { siteId, turnId, body });
          expect(Buffer.compare(recording.body, body)).toBe(0);
          expect(recording.context).toMatchObject({ siteId, turnId });
        },
      ),
    );
  });

  it('gives back any text', () => {
    const spoken = fc
      .string({ minLength: 1, maxLength: 200, unit: 'grapheme' })
      .filter((text) => text.trim() === text && text !== '');
    fc.assert(
      fc.property(site, spoken, (siteId, text) => {
        expect(roundTrip(textIn, text, { siteId }).data).toBe(text);
        expect(roundTrip(recall.request, { text, topK: 1 }, {}).data.text).toBe(text);
      }),
    );
  });

  it('refuses any other bytes as INVALID_PAYLOAD, whatever the topic', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(`${text}\nabc`)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...allTopics), bytes, fc.string(), (topic, payload, suffix) => {
        try {
          checked(topic, open(topic, { topic: `home/${topic.name}/${suffix}`, payload }, 'home'));
        } catch (error) {
          expect(error).toBeInstanceOf(RuntimeError);
          expect(error).toMatchObject({ code: 'INVALID_PAYLOAD' });
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('never repeats a value or a key of somebody else in the reason', () => {
    const bad = { text: ['open sesame'], sesame: { sesame: 1 }, confidence: 'open sesame' };
    const sent = encode(sttFinal, bad, { siteId: 'attic' }, sender);
    expect(() => checked(sttFinal, open(sttFinal, sent, 'home'))).toThrow(/^data: (?!.*sesame)/);
  });
});
