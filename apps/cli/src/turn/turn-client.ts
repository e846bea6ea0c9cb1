/** Takes the part of a satellite for one turn: asks or speaks, plays into memory, collects what comes back. */
import { randomBytes } from 'node:crypto';
import { audioOut, textIn, textOut, traceSpan, ttsStatus, turnState } from '@hearth/contracts';
import type { Bus, Subscription } from '@hearth/runtime';
import { sendSpeech } from './send-speech.ts';
import {
  hasWholeTurn,
  lateError,
  noted,
  resultOf,
  startNotes,
  type TurnNotes,
  type TurnResult,
} from './turn-notes.ts';
import { pause, waitFor } from '../wait.ts';

type Question =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'speech';
      readonly turnId: string;
      /** 16 kHz, one channel. */
      readonly samples: Int16Array;
    };

export interface TurnOptions {
  readonly bus: Bus;
  readonly question: Question;
  /** At the pace of a microphone and of a loudspeaker; else as fast as it goes. */
  readonly realtime: boolean;
  /** For the whole turn. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Spans are sent without waiting: the last one may come after the end of the turn. */
const LATE_SPANS_MS = 500;
const MAX_SPANS = 500;
/** Frames that may wait while one is handled; at 20 ms each, more than three minutes of speech. */
const MAX_FRAMES = 10_000;

/** The turn and the room, which is new for each turn and so this turn's alone. */
interface Turn extends TurnOptions {
  readonly siteId: string;
  readonly notes: TurnNotes;
}

/** @throws RuntimeError when the question cannot be sent; the reason of `signal` */
export async function takeTurn(options: TurnOptions): Promise<TurnResult> {
  const { question, timeoutMs } = options;
  const ended = new AbortController();
  const turn: Turn = {
    ...options,
    siteId: `cli-${randomBytes(6).toString('hex')}`,
    notes: startNotes(question.kind === 'speech' ? question.turnId : undefined),
    signal: AbortSignal.any([options.signal, ended.signal]),
  };
  const { notes } = turn;
  const deadline = performance.now() + timeoutMs;
  const subscriptions = await follow(turn);
  try {
    await ask(turn);
    const done = await until(() => notes.state === 'done', turn, deadline - performance.now());
    if (done) await until(() => hasWholeTurn(notes), turn, LATE_SPANS_MS);
    else notes.error = lateError(timeoutMs, notes.state);
    return resultOf(notes);
  } finally {
    ended.abort(new Error('the turn is over'));
    await Promise.all(subscriptions.map((subscription) => subscription.close()));
  }
}

async function ask({ bus, siteId, question, realtime, timeoutMs, signal, notes }: Turn) {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  if (question.kind === 'text') {
    await bus.publish(textIn, question.text, { siteId, signal: limit });
  } else {
    const { turnId, samples } = question;
    const heardEnough = () => notes.state !== 'sent' && notes.state !== 'listening';
    await sendSpeech({ bus, siteId, turnId, samples, realtime, heardEnough, signal: limit });
  }
  notes.askedAt = performance.now();
}

/** All subscriptions stand before the question is sent. */
function follow(turn: Turn): Promise<Subscription[]> {
  return Promise.all([followStates(turn), followText(turn), followSpans(turn), playAnswer(turn)]);
}

function followStates({ bus, siteId, notes }: Turn): Promise<Subscription> {
  return bus.subscribe(
    turnState,
    ({ data, context }) => {
      notes.turnId ??= context.turnId;
      // A repeat, or another turn that somebody began in this room, must not overwrite ours.
      if (context.turnId !== notes.turnId || notes.state === 'done') return;
      notes.state = data.state;
      if ('heard' in data) notes.heard = data.heard;
      if (data.state === 'done') {
        notes.outcome = data.outcome;
        notes.answer = data.answer || notes.answer;
        notes.error = data.error ?? null;
      }
      noted(notes);
    },
    { siteId },
  );
}

/** The answer is there as text even where it could not be spoken. */
function followText({ bus, siteId, notes }: Turn): Promise<Subscription> {
  return bus.subscribe(
    textOut,
    ({ data }) => {
      notes.answer ||= data;
    },
    { siteId },
  );
}

function followSpans({ bus, siteId, notes }: Turn): Promise<Subscription> {
  return bus.subscribe(traceSpan, ({ data, context }) => {
    const { turnId, spans } = notes;
    const ours = context.siteId === siteId || (turnId !== undefined && context.turnId === turnId);
    if (!ours || spans.length >= MAX_SPANS) return;
    spans.push(data);
    noted(notes);
  });
}

/** Says `playback-finished` when a loudspeaker would be through, or at once. */
function playAnswer({ bus, siteId, realtime, signal, notes }: Turn): Promise<Subscription> {
  let finished = false;
  return bus.subscribe(
    audioOut,
    async ({ data, body }) => {
      notes.turnId ??= data.turnId;
      if (data.turnId !== notes.turnId || finished) return;
      if (body.length > 0) notes.firstAudioAt ??= performance.now();
      notes.sound.push(data, body);
      if (!data.last) return;
      finished = true;
      const playedMs = performance.now() - (notes.firstAudioAt ?? performance.now());
      const played = { event: 'playback-finished' } as const;
      try {
        if (realtime) await pause(notes.sound.durationMs - playedMs, signal);
        await bus.publish(ttsStatus, played, { siteId, turnId: data.turnId, signal });
      } catch {
        // The turn ended meanwhile; or the broker is away, and the router counts the length by itself.
      }
    },
    { siteId, limit: MAX_FRAMES },
  );
}

async function until(holds: () => boolean, turn: Turn, timeoutMs: number): Promise<boolean> {
  const { listeners } = turn.notes;
  const held = await waitFor<true>(
    (settle) => {
      const check = () => holds() && settle(true);
      check();
      listeners.add(check);
      return () => listeners.delete(check);
    },
    { timeoutMs, signal: turn.signal },
  );
  return held ?? false;
}
