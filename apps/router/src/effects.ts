/** Carries out what core/turn.ts says: one switch, one publication per effect. */
import {
  createId,
  llmCancel,
  llmRequest,
  storeMemory,
  textOut,
  ttsControl,
  ttsSay,
  turnState,
  type WireError,
} from '@hearth/contracts';
import type { TurnEffect, TurnEvent, Utterance } from '@hearth/core';
import { type Bus, type Context, type Log, preciseNow, type Trace } from '@hearth/runtime';
import type { Availability } from './availability.ts';
import { LLM_AWAY, TTS_AWAY } from './events.ts';

type Effect = Exclude<TurnEffect, { do: 'wait' }>;

export interface EffectsOptions {
  readonly bus: Bus;
  readonly log: Log;
  readonly trace: Trace;
  readonly availability: Availability;
  readonly answerMs: number;
  readonly voiceMs: number;
  /** What an effect runs into comes back as an event. */
  readonly report: (siteId: string, event: TurnEvent) => void;
}

export interface Effects {
  readonly carryOut: (siteId: string, effect: Effect) => void;
  /** Resolves when what was to be remembered is stored or given up. */
  settled(): Promise<void>;
}

type Turn = Context & { readonly siteId: string; readonly turnId: string };

/** When a turn began and when its question was known, milliseconds since the Unix epoch. */
interface Clock {
  readonly beganMs: number;
  askedMs: number | undefined;
}

const STORE_ATTEMPTS = 3;

export function createEffects(options: EffectsOptions): Effects {
  const { bus, log, trace, availability, report } = options;
  const clocks = new Map<string, Clock>();
  const storing = new Set<Promise<void>>();

  function carryOut(siteId: string, effect: Effect): void {
    const { turnId } = effect;
    const context: Turn = { siteId, turnId };
    switch (effect.do) {
      case 'listen':
        if (clocks.has(turnId)) return;
        clockOf(turnId);
        return send(bus.publish(turnState, { state: 'listening' }, context));
      case 'ask':
        return ask(context, effect);
      case 'say':
        return say(context, effect);
      case 'write':
        return send(bus.publish(textOut, effect.text, context));
      case 'sound':
        return send(bus.publish(turnState, { state: 'speaking' }, context));
      case 'hush':
        return send(bus.publish(ttsControl, { action: 'stop' }, context));
      case 'cancel':
        return send(bus.publish(llmCancel, {}, context));
      case 'remember':
        return remember(context, effect.said);
      case 'done':
        return finish(context, effect);
    }
  }

  function clockOf(turnId: string): Clock {
    const clock = clocks.get(turnId) ?? { beganMs: preciseNow(), askedMs: undefined };
    clocks.set(turnId, clock);
    return clock;
  }

  function ask(context: Turn, { text, history }: Extract<Effect, { do: 'ask' }>): void {
    clockOf(context.turnId).askedMs = preciseNow();
    send(bus.publish(turnState, { state: 'thinking', heard: text }, context));
    const failed = (error: WireError) =>
      report(context.siteId, { type: 'failed', turnId: context.turnId, error });
    if (availability.isAway('llm-worker')) return failed(LLM_AWAY);
    bus
      .publish(
        llmRequest,
        { text, history: [...history] },
        { ...context, correlationId: createId(), deadlineMs: options.answerMs },
      )
      .catch(() => failed({ code: 'LLM_UNREACHABLE', message: 'the question could not be sent' }));
  }

  function say(context: Turn, { text, seq, last }: Extract<Effect, { do: 'say' }>): void {
    const { askedMs } = clockOf(context.turnId);
    if (seq === 0 && askedMs !== undefined) {
      const durationMs = preciseNow() - askedMs;
      trace.record({ name: 'router.first-say', context, startMs: askedMs, durationMs });
    }
    const failed = (error: WireError) =>
      report(context.siteId, { type: 'voice-failed', turnId: context.turnId, error });
    if (availability.isAway('tts-worker')) return failed(TTS_AWAY);
    bus
      .publish(ttsSay, { text, seq, last }, { ...context, deadlineMs: options.voiceMs })
      .catch(() => failed({ code: 'TTS_UNREACHABLE', message: 'the answer could not be sent' }));
  }

  function remember(context: Turn, said: readonly Utterance[]): void {
    const ts = Date.now();
    const entries = said.map(({ role, text }, i) => ({ role, text, ts: ts + i }));
    const stored = bus
      .call(storeMemory, { entries }, { ...context, attempts: STORE_ATTEMPTS })
      .then(
        () => undefined,
        (error) => log.warn({ turnId: context.turnId, code: error.code }, 'turn not remembered'),
      )
      .finally(() => storing.delete(stored));
    storing.add(stored);
  }

  function finish(
    context: Turn,
    { outcome, heard, answer, error }: Extract<Effect, { do: 'done' }>,
  ): void {
    const { beganMs: startMs } = clockOf(context.turnId);
    clocks.delete(context.turnId);
    const durationMs = preciseNow() - startMs;
    trace.record({ name: 'turn', context, startMs, durationMs, ok: !error, note: outcome });
    log.info(
      { ...context, outcome, durationMs: Math.round(durationMs), code: error?.code },
      'turn done',
    );
    const state = { state: 'done', outcome, heard, answer, ...(error && { error }) } as const;
    send(bus.publish(turnState, state, context));
  }

  /** For what nobody waits for: the turn goes on without it. */
  function send(publication: Promise<void>): void {
    publication.catch((error) => log.debug({ code: error.code }, 'not published'));
  }

  return {
    carryOut,
    async settled() {
      await Promise.allSettled(storing);
    },
  };
}
