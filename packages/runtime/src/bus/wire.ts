/** Between a message and its bytes, as its topic's format says. Both directions check the contract. */
import {
  createEnvelope,
  encodeLine,
  type Envelope,
  envelopeSchema,
  frameHeaderSchema,
  siteIdSchema,
  type Topic,
  topicPath,
} from '@hearth/contracts';
import type { z } from 'zod';
import { RuntimeError } from '../errors.ts';
import type { Context, Instance, Message, PublishOptions } from './api.ts';

const EMPTY = new Uint8Array(0);
const text = new TextEncoder();

export interface Encoded {
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** What a message says of itself before its data is checked. */
export interface Opened {
  /** Not yet checked against the topic's schema. */
  readonly data: unknown;
  readonly body: Uint8Array;
  readonly context: Context;
  readonly envelope?: Envelope | undefined;
  readonly instance?: Instance | undefined;
}

/** @throws RuntimeError INVALID_PAYLOAD */
export function encode<Data>(
  topic: Topic<Data>,
  data: unknown,
  options: PublishOptions,
  { prefix, source, now }: { prefix: string; source: string; now: number },
): Encoded {
  const path = topicPath(prefix, topic, suffixOf(topic, options));
  const body = options.body ?? EMPTY;
  switch (topic.format) {
    case 'text':
      return { topic: path, payload: text.encode(String(data)) };
    case 'frame':
      return { topic: path, payload: encodeLine(data, body) };
    case 'json':
    case 'pcm': {
      const { siteId, turnId, causationId, correlationId, traceparent, deadlineMs } = options;
      const deadline = deadlineMs === undefined ? undefined : now + deadlineMs;
      const envelope = createEnvelope(
        {
          type: topic.name,
          source,
          data,
          siteId,
          turnId,
          causationId,
          correlationId,
          traceparent,
          deadline,
        },
        now,
      );
      const payload =
        topic.format === 'pcm' ? encodeLine(envelope, body) : text.encode(JSON.stringify(envelope));
      return { topic: path, payload };
    }
  }
}

function suffixOf(topic: Topic<unknown>, { siteId, instance }: PublishOptions): string | undefined {
  switch (topic.scope) {
    case 'house':
      return undefined;
    case 'site':
      if (siteIdSchema.safeParse(siteId).success) return siteId;
      throw new RuntimeError('INVALID_PAYLOAD', `${topic.name}: it needs a siteId`);
    case 'instance':
      if (instance) return `${instance.service}/${instance.instance}`;
      throw new RuntimeError('INVALID_PAYLOAD', `${topic.name}: it needs an instance`);
  }
}

/** @throws RuntimeError INVALID_PAYLOAD with what is wrong, never what it held */
export function open(
  topic: Topic<unknown>,
  { topic: path, payload }: Encoded,
  prefix: string,
): Opened {
  const levels = path.slice(topicPath(prefix, topic).length + 1).split('/');
  const siteId = topic.scope === 'site' ? check(siteIdSchema, levels[0], 'site') : undefined;
  const instance =
    topic.scope === 'instance'
      ? { service: levels[0] ?? '', instance: levels[1] ?? '' }
      : undefined;
  switch (topic.format) {
    case 'text':
      return { data: decodeText(payload), body: EMPTY, context: { siteId }, instance };
    case 'frame': {
      const { line, body } = splitFrame(payload);
      const data = check(frameHeaderSchema, parseJson(line), 'header');
      if (body.length % (2 * data.channels) !== 0) throw invalid('broken off within a sample');
      return { data, body, context: { siteId, turnId: data.turnId }, instance };
    }
    case 'json':
      return openEnvelope(topic, decodeText(payload), EMPTY, { siteId, instance });
    case 'pcm': {
      const { line, body } = splitFrame(payload, EMPTY);
      if (body.length % 2 !== 0) throw invalid('broken off within a sample');
      return openEnvelope(topic, line, body, { siteId, instance });
    }
  }
}

function openEnvelope(
  topic: Topic<unknown>,
  line: string,
  body: Uint8Array,
  { siteId, instance }: { siteId: string | undefined; instance: Instance | undefined },
): Opened {
  const envelope = check(envelopeSchema, parseJson(line), 'envelope');
  if (envelope.type !== topic.name) throw invalid('its type is that of another topic');
  if (siteId !== undefined && envelope.siteId !== undefined && envelope.siteId !== siteId) {
    throw invalid('its siteId is not that of its topic');
  }
  const context = {
    siteId: siteId ?? envelope.siteId,
    turnId: envelope.turnId,
    causationId: envelope.id,
    traceparent: envelope.traceparent,
  };
  return { data: envelope.data, body, context, envelope, instance };
}

/** @throws RuntimeError INVALID_PAYLOAD */
export function checked<Data>(topic: Topic<Data>, opened: Opened): Message<Data> {
  return { ...opened, data: check(topic.schema, opened.data, 'data') };
}

/** @throws RuntimeError INVALID_PAYLOAD that names the place and the rule, never the value */
export function check<Data>(schema: z.ZodType<Data>, data: unknown, what: string): Data {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  // Only the first step of the path: deeper ones may be keys that somebody made up. No zod message: it may hold values.
  const issues = result.error.issues.slice(0, 3).map(({ path, code }) => {
    return path[0] === undefined ? code : `${String(path[0])} ${code}`;
  });
  throw invalid(`${what}: ${issues.join(', ')}`);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The message of a SyntaxError quotes the text.
    throw invalid('not JSON');
  }
}

function decodeText(payload: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(payload);
  } catch {
    throw invalid('not UTF-8');
  }
}

/** Splits at the first line feed. `without` is the body where there is none; with no `without` there must be one. */
function splitFrame(payload: Uint8Array, without?: Uint8Array): { line: string; body: Uint8Array } {
  const end = payload.indexOf(0x0a);
  const body = end < 0 ? without : payload.subarray(end + 1);
  if (body === undefined) throw invalid('no line feed behind the header');
  return { line: decodeText(end < 0 ? payload : payload.subarray(0, end)), body };
}

function invalid(reason: string): RuntimeError {
  return new RuntimeError('INVALID_PAYLOAD', reason);
}
