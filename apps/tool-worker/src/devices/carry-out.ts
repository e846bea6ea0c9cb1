/** Carries a wish out on some devices at once, and says of each whether it did it. */
import type { Chosen } from './choose.ts';
import type { Device } from './device.ts';
import { be, fulfilled, noAnswer, notThere } from './describe.ts';
import { TemplateError } from './expression.ts';
import type { Home } from './home.ts';
import { type Order, orderFor, type Wish } from './orders.ts';

/** Radio and a slow battery device take a second; after this, people think that it is broken. */
const ANSWER_MS = 3_000;

type Outcome = 'done' | 'sent' | 'unavailable' | 'silent' | 'impossible';

export interface Report {
  /** For the user. */
  readonly text: string;
  readonly failed: boolean;
  readonly outcomes: readonly { readonly id: string; readonly outcome: Outcome }[];
}

export async function carryOut(
  home: Home,
  { devices, group }: Chosen,
  wish: Wish,
  signal: AbortSignal,
): Promise<Report> {
  const outcomes = await Promise.all(
    devices.map(async (device) => ({
      device,
      outcome: await carryOutOne(home, device, wish, signal),
    })),
  );
  const good = outcomes.filter(({ outcome }) => outcome === 'done' || outcome === 'sent');
  const sentences = [
    ...(group !== undefined && good.length > 1
      ? [`The ${group} are ${good[0] ? fulfilled(good[0].device, wish) : 'done'}.`]
      : good.map((each) => success(each.device, each.outcome, wish))),
    ...outcomes.flatMap(({ device, outcome }) => failure(device, outcome, wish)),
  ];
  return {
    text: sentences.join(' '),
    failed: good.length < outcomes.length,
    outcomes: outcomes.map(({ device, outcome }) => ({ id: device.entity.id, outcome })),
  };
}

async function carryOutOne(
  home: Home,
  device: Device,
  wish: Wish,
  signal: AbortSignal,
): Promise<Outcome> {
  const order = orderOf(device, wish);
  if (!order) return 'impossible';
  // Read anew each time: it may go away while we wait.
  const isAway = () => device.available === false;
  if (isAway()) return 'unavailable';
  for (const { topic, payload } of order.messages) await home.send(topic, payload, { signal });
  if (device.silent) return 'sent';
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
  const done = await home.until(device, ({ state }) => order.done(state), limit);
  signal.throwIfAborted();
  if (done) return 'done';
  return isAway() ? 'unavailable' : 'silent';
}

function orderOf(device: Device, wish: Wish): Order | undefined {
  try {
    return orderFor(device.entity, wish, device.state);
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}

function success(device: Device, outcome: Outcome, wish: Wish): string {
  const { name } = device;
  if (device.entity.kind === 'scene') return `The scene ${name.replace(/ ?scene$/, '')} is on.`;
  // It cannot be known what became of it.
  if (outcome === 'sent') return `I have told the ${name}.`;
  return `The ${name} ${be(name)} ${fulfilled(device, wish)}.`;
}

function failure(device: Device, outcome: Outcome, wish: Wish): string[] {
  if (outcome === 'unavailable') return [notThere(device)];
  if (outcome === 'silent') return [noAnswer(device)];
  return outcome === 'impossible' ? [cannot(device, wish)] : [];
}

function cannot({ name, entity }: Device, { action, value }: Wish): string {
  const { min_temp, max_temp, temperature_command_topic } = entity.config;
  if (action === 'temperature' && temperature_command_topic !== undefined) {
    const told = [min_temp, max_temp].filter((limit) => limit !== undefined).join(' and ');
    if (value !== undefined && told)
      return `The ${name} takes temperatures between ${told} degrees.`;
  }
  return `The ${name} cannot do that.`;
}
