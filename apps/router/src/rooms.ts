/** The rooms: the turn of each, stepped by what happens, with one timer per room. */
import {
  IDLE_ROOM,
  type RoomState,
  stepTurn,
  type TurnEffect,
  type TurnEvent,
  type TurnLimits,
} from '@hearth/core';

/** More rooms than any house has; beyond it the room that has been quiet the longest is forgotten, or, where all are busy, the new one is not served. */
const MAX_ROOMS = 256;

interface Room {
  state: RoomState;
  timer: NodeJS.Timeout | undefined;
}

export interface Rooms {
  step(siteId: string, event: TurnEvent): void;
  /** What each room is in the middle of. */
  active(): { siteId: string; now: Exclude<RoomState['now'], { phase: 'idle' }> }[];
  /** Resolves when every room is idle, or when `signal` aborts. */
  idle(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** @param carryOut is called once per effect, in order */
export function createRooms(
  limits: TurnLimits,
  carryOut: (siteId: string, effect: Exclude<TurnEffect, { do: 'wait' }>) => void,
): Rooms {
  const rooms = new Map<string, Room>();
  const idleListeners = new Set<() => void>();
  const waiting: { siteId: string; event: TurnEvent }[] = [];

  /** An effect that fails at once reports back before its step is over: that event waits its turn. */
  function step(siteId: string, event: TurnEvent): void {
    waiting.push({ siteId, event });
    if (waiting.length > 1) return;
    for (let next = waiting[0]; next; next = waiting[0]) {
      stepOne(next.siteId, next.event);
      waiting.shift();
    }
    if (active().length === 0) for (const listener of idleListeners) listener();
  }

  function stepOne(siteId: string, event: TurnEvent): void {
    const room = enter(siteId);
    if (!room) return;
    const { state, effects } = stepTurn(room.state, { ...event, atMs: performance.now() }, limits);
    room.state = state;
    if (state.now.phase === 'idle') clearTimeout(room.timer);
    for (const effect of effects) {
      if (effect.do === 'wait') wait(siteId, room, effect);
      else carryOut(siteId, effect);
    }
  }

  /** Keeps the map in the order of last use. */
  function enter(siteId: string): Room | undefined {
    const known = rooms.get(siteId);
    if (!known && rooms.size >= MAX_ROOMS && !forgetOldest()) return undefined;
    const room = known ?? { state: IDLE_ROOM, timer: undefined };
    rooms.delete(siteId);
    rooms.set(siteId, room);
    return room;
  }

  function forgetOldest(): boolean {
    const quiet = [...rooms].find(([, { state }]) => state.now.phase === 'idle');
    return quiet !== undefined && rooms.delete(quiet[0]);
  }

  function wait(
    siteId: string,
    room: Room,
    { turnId, forMs }: { turnId: string; forMs: number },
  ): void {
    clearTimeout(room.timer);
    room.timer = setTimeout(() => step(siteId, { type: 'timeout', turnId }), forMs);
  }

  function active() {
    return [...rooms].flatMap(
      ([
        siteId,
        {
          state: { now },
        },
      ]) => (now.phase === 'idle' ? [] : [{ siteId, now }]),
    );
  }

  return {
    step,
    active,
    async idle(signal) {
      if (active().length === 0 || signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const done = () => resolve();
      idleListeners.add(done);
      signal.addEventListener('abort', done, { once: true });
      try {
        await promise;
      } finally {
        idleListeners.delete(done);
        signal.removeEventListener('abort', done);
      }
    },
    close() {
      for (const { timer } of rooms.values()) clearTimeout(timer);
      rooms.clear();
    },
  };
}
