/** How a topic and a call are declared. One declaration is the only place where a name, its schema and its delivery are spelled. */
import type { z } from 'zod';

/**
 * What stands in a topic behind its name:
 * `house` nothing, `site` one level with the site id, `instance` two levels with service and instance.
 */
type Scope = 'house' | 'site' | 'instance';

/**
 * `json`: an envelope. `pcm`: an envelope, a line feed, then signed 16-bit little-endian samples.
 * `frame`: an audio frame (see audio.ts). `text`: plain UTF-8, the front door for other systems.
 */
type Format = 'json' | 'pcm' | 'frame' | 'text';

export interface Topic<Data> {
  /** Without prefix and scope, e.g. `stt/final`. It is also the `type` of the envelope. */
  readonly name: string;
  readonly schema: z.ZodType<Data>;
  readonly scope: Scope;
  readonly format: Format;
  /** 0 may be lost, 1 arrives at least once. */
  readonly qos: 0 | 1;
  /** The broker keeps the last message for whoever subscribes later. */
  readonly retain: boolean;
  /** One line for tables and generated documents. */
  readonly about: string;
}

export interface Call<Request, Reply> {
  readonly request: Topic<Request>;
  readonly reply: Topic<Reply>;
  /** The caller gives up after this many milliseconds. */
  readonly timeoutMs: number;
}

export interface TopicOptions {
  readonly about: string;
  readonly scope?: Scope;
  readonly format?: Format;
  readonly qos?: 0 | 1;
  readonly retain?: boolean;
}

export function defineTopic<Data>(
  name: string,
  schema: z.ZodType<Data>,
  { about, scope = 'house', format = 'json', qos = 1, retain = false }: TopicOptions,
): Topic<Data> {
  return { name, schema, scope, format, qos, retain, about };
}

export function defineCall<Request, Reply>(call: Call<Request, Reply>): Call<Request, Reply> {
  return call;
}

/** The full topic of one message: `topicPath('hearth', sttFinal, 'kitchen')` is `hearth/stt/final/kitchen`. */
export function topicPath(
  prefix: string,
  topic: Pick<Topic<unknown>, 'name'>,
  suffix?: string,
): string {
  return suffix === undefined ? `${prefix}/${topic.name}` : `${prefix}/${topic.name}/${suffix}`;
}

/** The filter that matches a topic for every site or instance. */
export function topicFilter(prefix: string, topic: Pick<Topic<unknown>, 'name' | 'scope'>): string {
  return topicPath(prefix, topic, { house: undefined, site: '+', instance: '+/+' }[topic.scope]);
}
