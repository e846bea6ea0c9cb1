/**
 * The Wyoming protocol: a line of JSON, then as many bytes of JSON and of payload as that line says.
 * `type` is the event; `data` comes in the line, behind it, or both, and the latter wins.
 */
import { CoreError } from './errors.ts';

export interface WyomingEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Samples, mostly; empty when there are none. */
  readonly payload: Uint8Array;
}

export interface WyomingLimits {
  readonly lineBytes: number;
  /** The descriptions of hundreds of voices are some 200 kB. */
  readonly dataBytes: number;
  /** A second of the richest audio is 0.4 MB. */
  readonly payloadBytes: number;
}

export interface WyomingDecoder {
  /**
   * Bytes as they come, cut anywhere; the events that are complete with them.
   * @throws CoreError BAD_FRAME, FRAME_TOO_LARGE. What follows cannot be read any more: every later push throws as well.
   */
  push(bytes: Uint8Array): WyomingEvent[];
  /** True when the bytes so far end with an event. */
  readonly between: boolean;
}

const LIMITS: WyomingLimits = { lineBytes: 65_536, dataBytes: 4_194_304, payloadBytes: 4_194_304 };
const LINE_FEED = 10;
/** That of the protocol's own library whose frames this was tested with. */
const VERSION = '1.9.0';

export function encodeWyoming(event: {
  readonly type: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly payload?: Uint8Array;
}): Uint8Array {
  const { type, data = {}, payload = new Uint8Array(0) } = event;
  const text = new TextEncoder();
  const body = text.encode(Object.keys(data).length > 0 ? JSON.stringify(data) : '');
  const header = {
    type,
    version: VERSION,
    ...(body.length > 0 && { data_length: body.length }),
    ...(payload.length > 0 && { payload_length: payload.length }),
  };
  const line = text.encode(`${JSON.stringify(header)}\n`);
  const frame = new Uint8Array(line.length + body.length + payload.length);
  frame.set(line);
  frame.set(body, line.length);
  frame.set(payload, line.length + body.length);
  return frame;
}

interface Header {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly dataBytes: number;
  readonly payloadBytes: number;
}

export function createWyomingDecoder(limits: WyomingLimits = LIMITS): WyomingDecoder {
  let pending: Uint8Array = new Uint8Array(0);
  let header: Header | undefined;
  let broken: CoreError | undefined;

  function take(count: number): Uint8Array {
    const taken = pending.subarray(0, count);
    pending = pending.subarray(count);
    return taken;
  }

  function next(): WyomingEvent | undefined {
    header ??= nextHeader();
    if (!header || pending.length < header.dataBytes + header.payloadBytes) return undefined;
    const { type, data, dataBytes, payloadBytes } = header;
    header = undefined;
    const more = dataBytes > 0 ? parseObject(take(dataBytes)) : {};
    return { type, data: { ...data, ...more }, payload: new Uint8Array(take(payloadBytes)) };
  }

  function nextHeader(): Header | undefined {
    const end = pending.indexOf(LINE_FEED);
    if (end > limits.lineBytes || (end < 0 && pending.length > limits.lineBytes)) {
      throw new CoreError('FRAME_TOO_LARGE', `a header of more than ${limits.lineBytes} bytes`);
    }
    return end < 0 ? undefined : readHeader(take(end + 1), limits);
  }

  function readAll(bytes: Uint8Array): WyomingEvent[] {
    pending = joined(pending, bytes);
    const events: WyomingEvent[] = [];
    for (let event = next(); event; event = next()) events.push(event);
    return events;
  }

  return {
    push(bytes) {
      if (broken) throw broken;
      try {
        return readAll(bytes);
      } catch (thrown) {
        pending = new Uint8Array(0);
        broken = thrown instanceof CoreError ? thrown : new CoreError('BAD_FRAME', 'unreadable');
        throw broken;
      }
    },
    get between() {
      return pending.length === 0 && header === undefined && broken === undefined;
    },
  };
}

function readHeader(line: Uint8Array, limits: WyomingLimits): Header {
  const { type, data, data_length, payload_length } = parseObject(line);
  if (typeof type !== 'string') throw new CoreError('BAD_FRAME', 'a header without a type');
  return {
    type,
    data: isObject(data) ? data : {},
    dataBytes: lengthOf(data_length, limits.dataBytes),
    payloadBytes: lengthOf(payload_length, limits.payloadBytes),
  };
}

function lengthOf(value: unknown, limit: number): number {
  if (value === undefined || value === null) return 0;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw new CoreError('BAD_FRAME', 'a header with a length that is none');
  }
  if (value > limit) throw new CoreError('FRAME_TOO_LARGE', `${value} bytes; at most ${limit}`);
  return value;
}

function parseObject(bytes: Uint8Array): Record<string, unknown> {
  const value = parse(bytes);
  if (!isObject(value)) throw new CoreError('BAD_FRAME', 'JSON that is no object');
  return value;
}

/** The error of JSON.parse quotes what it read: it is left out. */
function parse(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return value;
  } catch {
    throw new CoreError('BAD_FRAME', 'a part that is no JSON');
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Always a copy: whoever pushed the bytes may use them again. */
function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
