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
      waiting.set(correlationId, { settle: resolve, fail: reject });

      const ask = () => {
        const deadlineMs = Math.max(1, endsAt - Date.now());
        const message = core.compose(
          call.request,
          request,
          { ...options, correlationId, deadlineMs },
          { responseTopic: core.path(call.reply) },
        );
        core.send(message, { deadlineMs, signal }).catch(reject);
      };
      const onAbort = () => signal && reject(cancelled(signal, name));
      const timer = setTimeout(
        () => reject(new RuntimeError('TIMEOUT', `${name}: no reply within ${timeoutMs} ms`)),
        timeoutMs,
      );
      const retry =
        attempts > 1 ? setInterval(() => repeat(), Math.ceil(timeoutMs / attempts)) : undefined;
      let asked = 1;
      const repeat = () => {
        if (asked++ < attempts) ask();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        listenFor(call.reply).then(ask).catch(reject);
        return answerOf(call.reply, await promise);
      } finally {
        clearTimeout(timer);
        clearInterval(retry);
        signal?.removeEventListener('abort', onAbort);
        waiting.delete(correlationId);
      }
    },

    async close() {
      for (const { fail } of waiting.values()) {
        fail(new RuntimeError('CLOSED', 'the bus closed while a call waited for its reply'));
      }
      const ends = await Promise.allSettled(subscriptions.values());
      await Promise.all(ends.map((end) => end.status === 'fulfilled' && end.value()));
    },
  };
}

/** @throws RuntimeError REMOTE when the reply is an error, INVALID_PAYLOAD when it is none of ours */
function answerOf<Answer>(reply: Topic<Answer>, opened: Opened): Message<Answer> {
  const failed = errorReplySchema.safeParse(opened.data);
  if (!failed.success) return checked(reply, opened);
  const { code, message } = failed.data.error;
  throw new RuntimeError('REMOTE', `${reply.name}: ${message}`, { remoteCode: code });
}
