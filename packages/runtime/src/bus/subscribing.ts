/** A handler on a topic, with its inbox. */
import type { Topic } from '@hearth/contracts';
import { errorFacts } from '../errors.ts';
import type { InboxOptions, Message, Subscription } from './api.ts';
import type { Core } from './core.ts';
import { createInbox } from './inbox.ts';
import { createSeldomLog } from './seldom.ts';

const DEFAULT_LIMIT = 256;

export async function subscribe<Data>(
  core: Core,
  topic: Topic<Data>,
  handler: (message: Message<Data>) => unknown,
  { siteId, concurrency = 1, limit = DEFAULT_LIMIT, overflow = 'drop-oldest' }: InboxOptions,
): Promise<Subscription> {
  const tellLost = createSeldomLog(core.log, {
    topic: topic.name,
    text: 'inbox full: messages are dropped',
  });
  const inbox = createInbox<Message<Data>>({
    concurrency,
    limit,
    overflow,
    work: handler,
    onError: (error) =>
      core.log.error({ topic: topic.name, ...errorFacts(error) }, 'handler failed'),
    onLost: (_message, dropped) => tellLost(dropped),
  });
  const end = await core.listen(topic, {
    siteId,
    accept: (message, bytes) => inbox.offer(message, bytes),
  });
  return {
    get dropped() {
      return inbox.dropped;
    },
    async close() {
      inbox.close();
      await end();
    },
  };
}
