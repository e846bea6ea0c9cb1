/** `hearth watch`: topics and turns as they happen. Words are hidden: people speak at home. */
import { allTopics, frameHeaderSchema } from '@hearth/contracts';
import type { Message } from '@hearth/runtime';
import { UserError } from '@hearth/runtime';
import { connect } from '../house/connect.ts';
import { findRunning } from '../house/find-assistant.ts';
import { aborted } from '../wait.ts';
import { hideWords } from '../show/hide-words.ts';
import type { Invocation } from './common.ts';

/** One line of `--json`. */
interface Sighting {
  /** Milliseconds since the Unix epoch. */
  readonly ts: number;
  readonly topic: string;
  readonly siteId?: string | undefined;
  readonly turnId?: string | undefined;
  readonly service?: string | undefined;
  readonly data: unknown;
  /** Length of the samples behind it. */
  readonly bytes?: number;
}

/** @returns the exit code */
export async function watch(
  { settings, screen, signal }: Invocation,
  { showText }: { readonly showText: boolean },
): Promise<number> {
  const { tell } = screen;
  const found = settings.brokerUrl
    ? { url: settings.brokerUrl, bus: await connect({ url: settings.brokerUrl, settings, signal }) }
    : await findRunning({ settings, service: 'router', signal, tell });
  if (!found) {
    throw new UserError(
      'NOT_RUNNING',
      'No assistant is running here. Start one with: npx hearth up (or set MQTT_URL).',
    );
  }
  tell(
    `Watching ${found.url}. Ctrl-C ends it.${showText ? '' : ' Words are hidden: --show-text.'}`,
  );
  const show = (sighting: Sighting) => screen.print(describe(sighting), sighting);
  try {
    for (const topic of allTopics) {
      await found.bus.subscribe(topic, (message: Message<unknown>) => {
        if (screen.json || !isInnerFrame(message.data)) {
          show(sightingOf(topic.name, message, showText));
        }
      });
    }
    await aborted(signal);
    return 0;
  } finally {
    await found.bus.close();
  }
}

function sightingOf(topic: string, message: Message<unknown>, showText: boolean): Sighting {
  const { data, body, context, instance } = message;
  return {
    ts: Date.now(),
    topic,
    siteId: context.siteId,
    turnId: context.turnId,
    service: instance?.service,
    data: showText ? data : hideWords(data),
    ...(body.length > 0 && { bytes: body.length }),
  };
}

/** Sound comes ten times a second and more: where it begins and ends says enough to people. */
function isInnerFrame(data: unknown): boolean {
  const frame = frameHeaderSchema.safeParse(data);
  return frame.success && frame.data.seq > 0 && !frame.data.last;
}

function describe({ ts, topic, siteId, turnId, service, data, bytes }: Sighting): string {
  const time = new Date(ts).toISOString().slice(11, 23);
  const where = siteId ?? service ?? '';
  const turn = turnId ? turnId.slice(0, 8) : '';
  const sound = bytes === undefined ? '' : ` +${bytes} bytes`;
  return `${time}  ${topic.padEnd(18)} ${where.padEnd(14)} ${turn.padEnd(9)} ${JSON.stringify(data)}${sound}`;
}
