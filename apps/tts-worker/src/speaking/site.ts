/** Speaks the turns of one site, one after the other. */
import type { FrameHeader } from '@hearth/contracts';
import { TtsError } from '../errors.ts';
import { atRateOf, joined } from './rate.ts';
import { createPace } from './pace.ts';
import type { Limits, Piece, Ports, Status, TurnContext } from './ports.ts';
import { createTurn, type Turn, type Unit } from './turn.ts';
import { createBell, until } from './until.ts';

/** 6.4 kB at 16 kHz: a stop takes effect at the next one. */
const FRAME_MS = 200;
/** Of an answer without any sound. */
const SILENT_RATE_HZ = 16_000;

export interface Site {
  say(context: TurnContext, piece: Piece): void;
  /** Ends the turn, or all of them. False when there is no such turn. */
  stop(turnId: string | undefined): boolean;
  pause(turnId: string | undefined): void;
  resume(turnId: string | undefined): void;
}

export interface SiteEvents {
  /** A turn has ended; it takes no more pieces. */
  ended(context: TurnContext): void;
  /** Nothing is left to say. */
  idle(): void;
}

export function createSite(ports: Ports, limits: Limits, events: SiteEvents): Site {
  const { clock } = ports;
  const bell = createBell();
  const pace = createPace(limits.aheadMs);
  const turns: Turn[] = [];
  let paused = false;
  let busy = false;

  function say(context: TurnContext, piece: Piece): void {
    const turn = find(context.turnId) ?? begin(context);
    try {
      if (turns.length > limits.turns) {
        throw new TtsError('QUEUE_FULL', 'too many answers wait at this site');
      }
      turn.add(piece);
      bell.ring();
    } catch (error) {
      fail(turn, error);
    }
    if (!busy) void speakAll();
  }

  function begin(context: TurnContext): Turn {
    const turn = createTurn(context, limits);
    turns.push(turn);
    return turn;
  }

  const find = (turnId: string) => turns.find(({ context }) => context.turnId === turnId);

  async function speakAll(): Promise<void> {
    busy = true;
    for (let turn = turns[0]; turn; turn = turns[0]) await speak(turn);
    busy = false;
    events.idle();
  }

  async function speak(turn: Turn): Promise<void> {
    try {
      for (let unit = await nextUnit(turn); unit; unit = await nextUnit(turn)) {
        await speakUnit(turn, unit);
      }
      if (!turn.spoken.lastSent) await sendFrame(turn, new Int16Array(0), true);
      end(turn, { event: 'speaking-finished', audioMs: Math.round(turn.spoken.audioMs) });
    } catch (error) {
      fail(turn, error);
    }
  }

  /** Undefined when the turn is complete. */
  async function nextUnit(turn: Turn): Promise<Unit | undefined> {
    const { signal } = turn;
    if (!(await until(() => turn.ready, { bell, clock, limitMs: limits.idleMs, signal }))) {
      throw new TtsError('TIMEOUT', `the answer broke off: nothing came for ${limits.idleMs} ms`);
    }
    return turn.take();
  }

  /** One frame at most waits for the audio behind it: only then is it known whether it is the last. */
  async function speakUnit(turn: Turn, unit: Unit): Promise<void> {
    let rest: Int16Array = new Int16Array(0);
    for await (const speech of ports.synthesize(unit, turn.context, turn.signal)) {
      const samples = atRateOf(turn, speech);
      rest = await send(turn, rest.length > 0 ? joined(rest, samples) : samples, false);
    }
    await send(turn, rest, true);
  }

  /** @returns what is not sent yet; nothing when this is the end of the unit */
  async function send(turn: Turn, samples: Int16Array, isEnd: boolean): Promise<Int16Array> {
    const perFrame = Math.round(((turn.spoken.rateHz ?? SILENT_RATE_HZ) * FRAME_MS) / 1000);
    let at = 0;
    for (; samples.length - at > (isEnd ? 0 : perFrame); at += perFrame) {
      await mayGoOn(turn);
      const isLast = isEnd && at + perFrame >= samples.length && turn.complete;
      await sendFrame(turn, samples.subarray(at, at + perFrame), isLast);
    }
    return samples.subarray(at);
  }

  /** Waits while the site is paused or has enough to play. */
  async function mayGoOn({ signal }: Turn): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const waitMs = pace.waitMs(clock.nowMs());
      if (paused) {
        const limitMs = limits.pauseMs;
        if (await until(() => !paused, { bell, clock, limitMs, signal })) continue;
        throw new TtsError('TIMEOUT', `paused for more than ${limitMs} ms`);
      }
      if (waitMs <= 0) return;
      await until(() => paused, { bell, clock, limitMs: waitMs, signal });
    }
  }

  async function sendFrame(turn: Turn, samples: Int16Array, last: boolean): Promise<void> {
    turn.signal.throwIfAborted();
    await ports.sendFrame(nextHeader(turn, samples, last), samples, turn);
  }

  function nextHeader({ context, spoken }: Turn, samples: Int16Array, last: boolean): FrameHeader {
    if (spoken.frames === 0) ports.sendStatus({ event: 'speaking-started' }, context);
    const rate = spoken.rateHz ?? SILENT_RATE_HZ;
    const audioMs = (samples.length / rate) * 1000;
    const header: FrameHeader = {
      rate,
      channels: 1,
      seq: spoken.frames,
      turnId: context.turnId,
      last,
    };
    spoken.frames += 1;
    spoken.audioMs += audioMs;
    spoken.lastSent = last;
    pace.sent(audioMs, clock.nowMs());
    return header;
  }

  /** The only way out for a turn: one last status, whatever happens at the same time. */
  function end(turn: Turn, status: Status): void {
    if (!turn.end()) return;
    // A pause belongs to what was being said: the next turn must not be held by it.
    if (turns[0] === turn) paused = false;
    turns.splice(turns.indexOf(turn), 1);
    events.ended(turn.context);
    ports.sendStatus(status, turn.context);
    bell.ring();
  }

  function fail(turn: Turn, error: unknown): void {
    if (turn.signal.aborted) return;
    const { spoken, context } = turn;
    if (spoken.frames > 0 && !spoken.lastSent) {
      // A player that has begun must learn that no more will come. The failure is told in any case.
      const nothing = new Int16Array(0);
      ports.sendFrame(nextHeader(turn, nothing, true), nothing, { context }).catch(() => {});
    }
    end(turn, { event: 'failed', error: ports.describe(error) });
  }

  return {
    say,
    stop(turnId) {
      const ending = turns.filter(({ context }) => !turnId || context.turnId === turnId);
      if (ending.some((turn) => turn === turns[0])) pace.dropped();
      for (const turn of ending) end(turn, { event: 'stopped' });
      return ending.length > 0;
    },
    pause(turnId) {
      const turn = turnId ? find(turnId) : turns[0];
      if (!turn || paused) return;
      paused = true;
      pace.paused(clock.nowMs());
      ports.sendStatus({ event: 'paused' }, turn.context);
      bell.ring();
    },
    resume(turnId) {
      const turn = turnId ? find(turnId) : turns[0];
      if (!turn || !paused) return;
      paused = false;
      pace.resumed(clock.nowMs());
      ports.sendStatus({ event: 'resumed' }, turn.context);
      bell.ring();
    },
  };
}
