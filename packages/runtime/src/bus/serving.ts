/** The answering side of a call: each request is answered once, with a value or with an error. */
import { type Call, errorReplySchema, type Topic, type WireError } from '@hearth/contracts';
import { errorFacts, RuntimeError } from '../errors.ts';
import type { InboxOptions, Message, Reply, Subscription } from './api.ts';
import type { Core } from './core.ts';
import { createInbox } from './inbox.ts';
import { createReplyCache } from './reply-cache.ts';
import type { Outgoing } from './transport.ts';
import { createSeldomLog } from './seldom.ts';

const DEFAULT_LIMIT = 256;
/** Codes that say nothing of the request itself: a retry is worth another try. */
const PASSING = ['QUEUE_FULL', 'CLOSED'];

export interface Serving extends Subscription {
  /** Refuses new requests, resolves when those taken are answered. */
  drain(): Promise<void>;
}

/** What is needed to answer, broken data or not. */
type Asked = Pick<Message<unknown>, 'envelope' | 'context'>;

export async function serve<Request, Answer>(
  core: Core,
  call: Call<Request, Answer>,
  answer: (request: Message<Request>, signal: AbortSignal) => Promise<Reply<Answer>>,
  { siteId, concurrency = 1, limit = DEFAULT_LIMIT, overflow = 'reject' }: InboxOptions,
): Promise<Serving> {
  const topic = call.request.name;
  const failure: Topic<{ error: WireError }> = { ...call.reply, schema: errorReplySchema };
  const cache = createReplyCache<Outgoing>();
  const running = new Set<AbortController>();
  const tellLost = createSeldomLog(core.log, { topic, text: 'inbox full: requests are refused' });
  let draining = false;

  const inbox = createInbox<Message<Request>>({
    concurrency,
    limit,
    overflow,
    work,
    onError: (error) => core.log.error({ topic, ...errorFacts(error) }, 'request not answered'),
    onLost(request, dropped) {
      tellLost(dropped);
      refuse(request, { code: 'QUEUE_FULL', message: `${limit} requests are waiting already` });
    },
  });

  async function work(request: Message<Request>): Promise<void> {
    const deadline = request.envelope?.deadline;
    const leftMs = (deadline ?? Date.now() + call.timeoutMs) - Date.now();
    if (leftMs <= 0) return cache.forget(keyOf(request));
    const late = new RuntimeError('TIMEOUT', `${topic}: not answered in time`);
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(late), leftMs);
    running.add(control);
    try {
      // A handler that ignores its signal must not hold the inbox for ever.
      const reply = await Promise.race([answer(request, control.signal), abortion(control.signal)]);
      respond(request, call.reply, reply);
    } catch (error) {
      const facts = errorFacts(error);
      core.log.warn({ topic, ...facts }, 'request failed');
      // Whoever named a deadline has given up by now.
      const unwanted = deadline !== undefined && control.signal.reason === late;
      if (unwanted) cache.forget(keyOf(request));
      else refuse(request, facts);
    } finally {
      clearTimeout(timer);
      running.delete(control);
    }
  }

  function refuse(request: Asked, { code, message }: WireError): void {
    respond(request, failure, { data: { error: { code, message } } });
    if (PASSING.includes(code)) cache.forget(keyOf(request));
  }

  function respond<Data>(request: Asked, reply: Topic<Data>, { data, body }: Reply<Data>): void {
    const correlationId = request.envelope?.correlationId;
    const message = core.compose(reply, data, { ...request.context, correlationId, body });
    cache.settle(keyOf(request), message, message.payload.length);
    // Not awaited: the next request need not wait until the broker has this reply.
    void post(request, message);
  }

  async function post(request: Asked, message: Outgoing): Promise<void> {
    try {
      await core.send(message, {});
    } catch (error) {
      const facts = errorFacts(error);
      core.log.warn({ topic: message.topic, ...facts }, 'reply not sent');
      if (facts.code === 'PAYLOAD_TOO_LARGE') refuse(request, facts);
    }
  }

  const end = await core.listen(call.request, {
    siteId,
    accept(request, bytes) {
      const known = cache.begin(keyOf(request));
      if (known === 'running') return;
      if (known !== 'new') return void post(request, known);
      if (draining) return refuse(request, { code: 'CLOSED', message: 'the service is stopping' });
      inbox.offer(request, bytes);
    },
    onBroken: (opened, error) => refuse(opened, errorFacts(error)),
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
      const stopped = new RuntimeError('CLOSED', `${topic}: the service stopped`);
      for (const control of running) control.abort(stopped);
      await end();
    },
  };
}

/** Two callers may choose the same correlation id. */
function keyOf({ envelope }: Asked): string | undefined {
  const id = envelope?.correlationId;
  return id === undefined ? undefined : `${envelope?.source} ${id}`;
}

function abortion(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
