/** The answering side of a call: each request is answered once, with a value or with an error. */
import type { Call, Topic, WireError } from '@hearth/contracts';
import { errorReplySchema } from '@hearth/contracts';
import { RuntimeError } from '../errors.ts';
import type { InboxOptions, Message, PublishOptions, Reply, Subscription } from './api.ts';
import type { Core } from './core.ts';
import { createInbox } from './inbox.ts';
import { createReplyCache } from './reply-cache.ts';
import type { Outgoing } from './transport.ts';

const DEFAULT_LIMIT = 256;

export interface Serving extends Subscription {
  /** Refuses new requests, resolves when those taken are answered. */
  drain(): Promise<void>;
}

export async function serve<Request, Answer>(
  core: Core,
  call: Call<Request, Answer>,
  answer: (request: Message<Request>, signal: AbortSignal) => Promise<Reply<Answer>>,
  { siteId, concurrency = 1, limit = DEFAULT_LIMIT, overflow = 'reject' }: InboxOptions,
): Promise<Serving> {
  const cache = createReplyCache<Outgoing>();
  const running = new Set<AbortController>();
  let draining = false;

  const inbox = createInbox<Message<Request>>({
    concurrency,
    limit,
    overflow,
    work,
    onError: (error) => core.log.error({ error, topic: call.request.name }, 'reply not sent'),
    onDrop: () => undefined,
  });

  async function work(request: Message<Request>): Promise<void> {
    const deadline = request.envelope?.deadline ?? Date.now() + call.timeoutMs;
    const leftMs = deadline - Date.now();
    if (leftMs <= 0) return;
    const control = new AbortController();
    const late = new RuntimeError('TIMEOUT', `${call.request.name}: not answered in time`);
    const timer = setTimeout(() => control.abort(late), leftMs);
    running.add(control);
    try {
      // A handler that ignores its signal must not hold the inbox for ever.
      const reply = await Promise.race([
        answer(request, control.signal),
        rejection(control.signal),
      ]);
      respond(request, core.compose(call.reply, reply.data, replyOptions(request, reply.body)));
    } catch (error) {
      core.log.warn({ error, topic: call.request.name }, 'request failed');
      refuse(request, wireErrorOf(error));
    } finally {
      clearTimeout(timer);
      running.delete(control);
    }
  }

  function respond(
    request: Pick<Message<unknown>, 'envelope' | 'context'>,
    message: Outgoing,
  ): void {
    cache.settle(keyOf(request), message, message.payload.length);
    post(request, message);
  }

  function post(request: Pick<Message<unknown>, 'envelope' | 'context'>, message: Outgoing): void {
    // Not awaited: the next request need not wait for the broker's acknowledgement of this reply.
    core.send(message, {}).catch((error: unknown) => {
      core.log.warn({ error, topic: message.topic }, 'reply not sent');
      if (error instanceof RuntimeError && error.code === 'PAYLOAD_TOO_LARGE') {
        refuse(request, { code: error.code, message: error.message });
      }
    });
  }

  function refuse(request: Pick<Message<unknown>, 'envelope' | 'context'>, error: WireError): void {
    const topic: Topic<{ error: WireError }> = { ...call.reply, schema: errorReplySchema };
    const message = core.compose(topic, { error }, replyOptions(request));
    if (error.code === 'QUEUE_FULL' || error.code === 'CLOSED') cache.forget(keyOf(request));
    else cache.settle(keyOf(request), message, message.payload.length);
    core.send(message, {}).catch((cause: unknown) => {
      core.log.warn({ error: cause, topic: message.topic }, 'error reply not sent');
    });
  }

  const end = await core.listen(call.request, {
    siteId,
    accept(request, bytes) {
      const known = cache.begin(keyOf(request));
      if (known === 'running') return;
      if (known !== 'new') return post(request, known);
      if (draining) return refuse(request, { code: 'CLOSED', message: 'the service is stopping' });
      if (!inbox.offer(request, bytes)) {
        refuse(request, { code: 'QUEUE_FULL', message: `${limit} requests are waiting already` });
      }
    },
    onBroken: (opened, error) => refuse(opened, wireErrorOf(error)),
  });

  return {
    get dropped() {
      return inbox.dropped;
    },
    async drain() {
      draining = true;
      await inbox.idle();
    },
    async close() {
      draining = true;
      inbox.close();
      for (const control of running) {
        control.abort(new RuntimeError('CLOSED', `${call.request.name}: the service stopped`));
      }
      await end();
    },
  };
}

/** Two callers may choose the same correlation id. */
function keyOf({ envelope }: Pick<Message<unknown>, 'envelope'>): string | undefined {
  const id = envelope?.correlationId;
  return id === undefined ? undefined : `${envelope?.source} ${id}`;
}

function replyOptions(
  { envelope, context }: Pick<Message<unknown>, 'envelope' | 'context'>,
  body?: Uint8Array,
): PublishOptions {
  return { ...context, correlationId: envelope?.correlationId, body };
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** An error without a code may quote anything: its text stays here. */
function wireErrorOf(error: unknown): WireError {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code) {
    return { code: error.code.slice(0, 64), message: error.message.slice(0, 500) };
  }
  return { code: 'INTERNAL', message: 'the service failed to answer' };
}
