/** Leads the turn: what happens on the bus becomes events of core's turn.ts, whose effects become publications. */
import {
  audioIn,
  createId,
  health,
  llmDelta,
  llmResponse,
  sttFinal,
  textIn,
  ttsStatus,
} from '@hearth/contracts';
import type { TurnEvent, TurnLimits } from '@hearth/core';
import type { Message, ServiceContext, ServiceSpec } from '@hearth/runtime';
import type { z } from 'zod';
import { createAvailability } from './availability.ts';
import { settings } from './config.ts';
import { createEffects } from './effects.ts';
import { fromAway, fromHeard, fromResponse, fromStatus, nobodyListens } from './events.ts';
import { createRooms } from './rooms.ts';

type Settings = z.infer<typeof settings>;

/** Live speech of many rooms at once; the frames are only counted here. */
const AUDIO_INBOX = { limit: 2_000 };

export const router: ServiceSpec<typeof settings.shape> = {
  name: 'router',
  settings,

  async start({ bus, settings, log, trace, signal }: ServiceContext<Settings>) {
    const limits = limitsFrom(settings);
    const availability = createAvailability();
    const effects = createEffects({
      bus,
      log,
      trace,
      availability,
      answerMs: limits.answerMs,
      voiceMs: limits.voiceMs,
      report: (siteId, event) => rooms.step(siteId, event),
    });
    const rooms = createRooms(limits, effects.carryOut);

    /** Steps the room that a message belongs to; without room and turn it is nobody's. */
    function on<Data>(toEvent: (turnId: string, data: Data) => TurnEvent) {
      return ({ data, context: { siteId, turnId } }: Message<Data>) => {
        if (siteId && turnId) rooms.step(siteId, toEvent(turnId, data));
      };
    }

    await bus.subscribe(sttFinal, on(fromHeard));
    await bus.subscribe(
      llmDelta,
      on((turnId, { text }) => ({ type: 'delta', turnId, text })),
    );
    await bus.subscribe(llmResponse, on(fromResponse));
    await bus.subscribe(ttsStatus, on(fromStatus));
    await bus.subscribe(health, ({ data, instance }) => {
      if (!instance || !availability.note(instance.service, instance.instance, data.state)) return;
      for (const { siteId, now } of rooms.active()) {
        const event = fromAway(instance.service, now);
        if (event) rooms.step(siteId, event);
      }
    });
    const sound = await bus.subscribe(
      audioIn,
      ({ context: { siteId, turnId } }) => {
        if (!siteId || !turnId) return;
        rooms.step(siteId, { type: 'audio', turnId });
        if (availability.isAway('stt-worker')) rooms.step(siteId, nobodyListens(turnId));
      },
      AUDIO_INBOX,
    );
    const typing = await bus.subscribe(textIn, ({ data: text, context: { siteId } }) => {
      if (siteId) rooms.step(siteId, { type: 'typed', turnId: createId(), text });
    });
    signal.addEventListener('abort', () => {
      void sound.close();
      void typing.close();
    });

    return {
      async drain() {
        await rooms.idle(AbortSignal.timeout(limits.voiceMs));
        await effects.settled();
      },
      async close() {
        rooms.close();
      },
    };
  },
};

function limitsFrom(settings: Settings): TurnLimits {
  return {
    hearingMs: settings.ROUTER_HEARING_TIMEOUT_MS,
    answerMs: settings.ROUTER_ANSWER_TIMEOUT_MS,
    voiceMs: settings.ROUTER_VOICE_TIMEOUT_MS,
    playbackMs: settings.ROUTER_PLAYBACK_GRACE_MS,
    pauseMs: settings.ROUTER_PAUSE_LIMIT_MS,
  };
}
