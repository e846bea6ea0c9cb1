/** Speaks at every site at once, and knows which turns have ended. */
import { createId } from '@hearth/contracts';
import type { Context } from '@hearth/runtime';
import { TtsError } from '../errors.ts';
import { type Limits, LIMITS, type Piece, type Ports, type TurnContext } from './ports.ts';
import { createSite, type Site } from './site.ts';

interface SiteContext extends Context {
  readonly siteId: string;
}

type Action = 'stop' | 'pause' | 'resume';

export interface Speaker {
  /** Without a `turnId` the piece is an answer of its own. A piece of a turn that has ended is dropped. */
  say(context: SiteContext, piece: Piece): void;
  /** With a `turnId` nothing but that turn is touched. */
  control(context: SiteContext, action: Action): void;
  /** Sites that have something to say. */
  readonly speaking: number;
  /** Resolves when everything was said. */
  quiet(): Promise<void>;
  /** Stops everything. */
  close(): void;
}

/** Turns that are remembered after their end; the pieces that may still come are seconds behind it. */
const ENDED_TURNS = 1_000;

export function createSpeaker(ports: Ports, limits: Limits = LIMITS): Speaker {
  const sites = new Map<string, Site>();
  /** By site and turn: whether its last status was sent. Oldest first. */
  const ended = new Map<string, 'told' | 'untold'>();
  let silence = Promise.withResolvers<void>();

  function remember(context: TurnContext, state: 'told' | 'untold'): void {
    ended.set(keyOf(context), state);
    const [oldest] = ended.keys();
    if (ended.size > ENDED_TURNS && oldest !== undefined) ended.delete(oldest);
  }

  function siteOf({ siteId }: SiteContext): Site | undefined {
    const known = sites.get(siteId);
    if (known || sites.size >= limits.sites) return known;
    const site = createSite(ports, limits, {
      ended: (context) => remember(context, 'told'),
      idle() {
        sites.delete(siteId);
        if (sites.size > 0) return;
        silence.resolve();
        silence = Promise.withResolvers<void>();
      },
    });
    sites.set(siteId, site);
    return site;
  }

  function say(incoming: SiteContext, piece: Piece): void {
    const context = { ...incoming, turnId: incoming.turnId ?? createId() };
    const state = ended.get(keyOf(context));
    if (state === 'told') return;
    if (state === 'untold') {
      remember(context, 'told');
      return ports.sendStatus({ event: 'stopped' }, context);
    }
    const site = siteOf(context);
    if (site) return site.say(context, incoming.turnId ? piece : { ...piece, last: true });
    remember(context, 'told');
    const error = ports.describe(new TtsError('QUEUE_FULL', 'too many sites speak at once'));
    ports.sendStatus({ event: 'failed', error }, context);
  }

  function stop({ siteId, turnId }: SiteContext): void {
    const found = sites.get(siteId)?.stop(turnId);
    // The stop may overtake the first piece: it is remembered, and whoever says it then is told.
    if (found || !turnId || ended.has(keyOf({ siteId, turnId }))) return;
    remember({ siteId, turnId }, 'untold');
  }

  return {
    say,
    control(context, action) {
      switch (action) {
        case 'stop':
          return stop(context);
        case 'pause':
          return sites.get(context.siteId)?.pause(context.turnId);
        case 'resume':
          return sites.get(context.siteId)?.resume(context.turnId);
      }
    },
    get speaking() {
      return sites.size;
    },
    quiet: () => (sites.size === 0 ? Promise.resolve() : silence.promise),
    close() {
      for (const site of sites.values()) site.stop(undefined);
    },
  };
}

/** Neither id holds a blank where it could be mistaken: site ids have none at all. */
function keyOf({ siteId, turnId }: TurnContext): string {
  return `${siteId} ${turnId}`;
}
