/** Which services are known to be away, from their retained health. */
import type { Health } from '@hearth/contracts';

/** More instances than any house runs. */
const MAX_INSTANCES = 1_000;

export interface Availability {
  /** True when this report means that the last instance of the service went away. */
  note(service: string, instance: string, state: Health['state']): boolean;
  /** False while nothing is known: a question is worth its deadline. */
  isAway(service: string): boolean;
}

export function createAvailability(): Availability {
  const states = new Map<string, Health['state']>();

  function isAway(service: string): boolean {
    const own = [...states].filter(([key]) => key.startsWith(`${service}/`));
    return own.length > 0 && own.every(([, state]) => state === 'offline' || state === 'stopping');
  }

  return {
    isAway,
    note(service, instance, state) {
      const wasAway = isAway(service);
      if (states.size < MAX_INSTANCES) states.set(`${service}/${instance}`, state);
      return !wasAway && isAway(service);
    },
  };
}
