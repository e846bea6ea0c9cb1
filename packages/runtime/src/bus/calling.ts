/** The caller's side of a call: one reply subscription per reply topic, and who waits for which reply. */
import { type Call, createId, errorReplySchema, type Topic } from '@hearth/contracts';
import { cancelled, RuntimeError } from '../errors.ts';
import type { CallOptions, Message } from './api.ts';
import type { Core } from './core.ts';
import { checked, type Opened } from './wire.ts';

interface Waiting {
  readonly settle: (opened: Opened) => void;
  readonly fail: (error: unknown) => void;
}

export interface Calling {
  call<Request, Answer>(
    call: Call<Request, Answer>,
    request: Request,
    options: CallOptions,
  ): Promise<Message<Answer>>;
  readonly pending: number;
  /** Rejects every call that waits. */
  fail(): void;
  close(): Promise<void>;
}

export function createCalling(core: Core): Calling {
  const waiting = new Map<string, Waiting>();
  const subscriptions = new Map<string, Promise<() => Promise<void>>>();

  /** Made at the first call and kept: replies come straight to whoever waits, past every queue. */
  function listenFor(reply: Topic<unknown>): Promise<() => Promise<void>> {
    const known = subscriptions.get(reply.name);
    if (known) return known;
    const made = core.listenRaw(reply, (opened) => {
      // Late, double and foreign replies find nobody.
      waiting.get(opened.envelope?.correlationId ?? '')?.settle(opened);
    });
    subscriptions.set(reply.name, made);
    made.catch(() => subscriptions.delete(reply.name));
    return made;
  }

  return {
    get pending() {
      return waiting.size;
    },

    async call(call, request, options) {
      const { timeoutMs = call.timeoutMs, attempts = 1, signal } = options;
      const name = call.request.name;
      if (signal?.aborted) throw cancelled(signal, name);
      const correlationId = createId();
      const endsAt = Date.now() + timeoutMs;
      const { promise, resolve, reject } = Promise.withResolvers<Opened>();
      const onAbort = () => signal && reject(cancelled(signal, name));
      let asked = 0;

      const ask = async () => {
        if (asked++ >= attempts) return;
        const deadlineMs = Math.max(1, endsAt - Date.now());
        const message = core.compose(
          call.request,
          request,
          { ...options, correlationId, deadlineMs },
          { responseTopic: core.path(call.reply) },
        );
        await core.send(message, { deadlineMs, signal });
      };
      const timer = setTimeout(() => reject(late(name, timeoutMs, core.trouble)), timeoutMs);
      const retry =
        attempts > 1 &&
        setInterval(() => void ask().catch(reject), Math.ceil(timeoutMs / attempts));
      signal?.addEventListener('abort', onAbort, { once: true });
      waiting.set(correlationId, { settle: resolve, fail: reject });
      try {
        listenFor(call.reply).then(ask).catch(reject);
        return answerOf(core, call.reply, await promise);
      } finally {
        clearTimeout(timer);
        if (retry) clearInterval(retry);
        signal?.removeEventListener('abort', onAbort);
        waiting.delete(correlationId);
      }
    },

    fail() {
      for (const { fail } of waiting.values()) {
        fail(new RuntimeError('CLOSED', 'the bus closed while a call waited for its reply'));
      }
    },

    async close() {
      const ends = [...subscriptions.values()].map(async (made) => (await made)());
      await Promise.allSettled(ends);
    },
  };
}

function late(name: string, timeoutMs: number, trouble: string | undefined): RuntimeError {
  const because = trouble === undefined ? '' : ` (${trouble})`;
  return new RuntimeError('TIMEOUT', `${name}: no reply within ${timeoutMs} ms${because}`);
}

/** @throws RuntimeError REMOTE when the reply is an error, INVALID_PAYLOAD when it breaks the contract */
function answerOf<Answer>(core: Core, reply: Topic<Answer>, opened: Opened): Message<Answer> {
  const failed = errorReplySchema.safeParse(opened.data);
  if (failed.success) {
    const { code, message } = failed.data.error;
    throw new RuntimeError('REMOTE', `${reply.name}: ${message}`, { remoteCode: code });
  }
  try {
    return checked(reply, opened);
  } catch (error) {
    core.complain(core.path(reply), error);
    throw error;
  }
}
