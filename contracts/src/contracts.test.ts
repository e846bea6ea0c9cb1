import { describe, expect, it } from 'vitest';
import { audioIn, encodeLine, splitLine } from './audio.ts';
import { createEnvelope, envelopeSchema, siteIdSchema } from './envelope.ts';
import { health } from './health.ts';
import { recall } from './memory.ts';
import { sttFinal, transcribe } from './stt.ts';
import { allTopics } from './surface.ts';
import { topicFilter, topicPath } from './topic.ts';
import { textIn } from './turn.ts';

describe('the envelope', () => {
  it('is accepted as it was made', () => {
    const fields = { type: 'stt/final', source: 'stt-worker', siteId: 'kitchen', data: {} };
    const envelope = createEnvelope(fields, 1_700_000_000_000);
    expect(envelopeSchema.parse(JSON.parse(JSON.stringify(envelope)))).toEqual(envelope);
  });

  it('has an id of its own each time', () => {
    const make = () => createEnvelope({ type: 'error', source: 'x', data: null }, 0).id;
    expect(new Set(Array.from({ length: 1_000 }, make)).size).toBe(1_000);
  });

  it.each([
    ['another version', { v: 2 }],
    ['a field that nobody knows', { surprise: 1 }],
    ['an empty id', { id: '' }],
    ['a time before 1970', { ts: -1 }],
    ['a room that would break a topic', { siteId: 'a/b' }],
    ['a broken trace context', { traceparent: 'yes' }],
  ])('refuses %s', (_what, change) => {
    const envelope = createEnvelope({ type: 'error', source: 'x', data: null }, 0);
    expect(envelopeSchema.safeParse({ ...envelope, ...change }).success).toBe(false);
  });
});

describe('topics', () => {
  it('have one name each', () => {
    expect(new Set(allTopics.map(({ name }) => name)).size).toBe(allTopics.length);
  });

  it('carry the room or the instance behind their name', () => {
    expect(topicPath('hearth', sttFinal, 'kitchen')).toBe('hearth/stt/final/kitchen');
    expect(topicFilter('hearth', sttFinal)).toBe('hearth/stt/final/+');
    expect(topicFilter('home/voice', health)).toBe('home/voice/health/+/+');
    expect(topicFilter('hearth', recall.request)).toBe('hearth/memory/query');
  });

  it('keep the deadlines of the design: 5 s for memory, 20 s for a recording', () => {
    expect(recall.timeoutMs).toBe(5_000);
    expect(transcribe.timeoutMs).toBe(20_000);
  });

  it.each(['kitchen', 'living-room_2', '0'])('accept the room %s', (siteId) => {
    expect(siteIdSchema.safeParse(siteId).success).toBe(true);
  });

  it.each(['', 'Kitchen', 'a b', '+', '#', 'a/b', '-a', 'x'.repeat(65)])(
    'refuse the room "%s"',
    (siteId) => {
      expect(siteIdSchema.safeParse(siteId).success).toBe(false);
    },
  );

  it('take typed text trimmed, and no blank line', () => {
    expect(textIn.schema.parse('  hello\n')).toBe('hello');
    expect(textIn.schema.safeParse(' \n').success).toBe(false);
  });
});

describe('an audio frame', () => {
  const header = { rate: 16_000, channels: 1, seq: 0, turnId: 't', last: false };

  it('is a header line and the samples behind it, line feeds among them included', () => {
    const samples = Uint8Array.of(10, 0, 10, 10);
    const { line, body } = splitLine(encodeLine(header, samples));
    expect(audioIn.schema.parse(JSON.parse(line))).toEqual(header);
    expect(body).toEqual(samples);
  });

  it('without a line feed has no body', () => {
    expect(splitLine(new TextEncoder().encode('{}')).body).toBeUndefined();
  });

  it.each([{ rate: 4_000 }, { channels: 3 }, { seq: -1 }, { turnId: '' }, { extra: true }])(
    'with %o in its header is refused',
    (change) => {
      expect(audioIn.schema.safeParse({ ...header, ...change }).success).toBe(false);
    },
  );
});
