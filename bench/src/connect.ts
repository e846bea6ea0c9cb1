/** A bus for a bench, as another process of the house would have it. */
import { createId } from '@hearth/contracts';
import { type Bus, connectMqtt, createBus, createLog } from '@hearth/runtime';
import { expectWithin, met } from './deadline.ts';

const LIMIT_MS = 10_000;

/** @throws Error when the broker does not answer within 10 s */
export async function connectBus(url: string): Promise<Bus> {
  const log = await createLog({ name: 'bench', level: 'warn', format: 'json' });
  const transport = connectMqtt({ url, clientId: `bench-${createId()}`, log });
  const bus = createBus({ transport, source: 'bench', log });
  const ready = expectWithin<void>(LIMIT_MS, () => `no connection to ${url}`);
  const look = () => {
    if (bus.state.status === 'ready') ready.resolve();
  };
  const forget = bus.onState(look);
  look();
  try {
    await met(ready);
    return bus;
  } catch (error) {
    await bus.close();
    throw error;
  } finally {
    forget();
  }
}
