/** Listens to one turn: frames in, partials and exactly one transcript out. */
import { type FrameHeader, SPEECH_RATE_HZ, type Transcript } from '@hearth/contracts';
import {
  createEndpointer,
  createSpeechStream,
  type EndpointEvent,
  samplesOf,
  type SpeechEnded,
} from '@hearth/core';
import { explain } from './errors.ts';
import type { Recogniser, Speech } from './recogniser.ts';
import { createTape } from './tape.ts';

export interface TurnOptions {
  readonly recogniser: Recogniser;
  /** The first frame: later ones must have its form. */
  readonly format: Pick<FrameHeader, 'rate' | 'channels'>;
  readonly silenceMs: number;
  /** Recognises; its errors become the transcript. */
  readonly transcribe: (speech: Speech) => Promise<Transcript>;
  readonly onPartial: (text: string) => void;
  readonly onFinal: (transcript: Transcript) => void;
}

export interface Turn {
  /** @throws CoreError BROKEN_PCM; the frame is left out */
  push(header: FrameHeader, body: Uint8Array): void;
  /** As if the last frame had come. */
  end(): void;
  /** Resolves when the transcript is there. */
  readonly done: Promise<void>;
}

interface Utterance {
  readonly name: string;
  readonly start: number;
  /** Samples given to the engine. */
  sent: number;
}

type Step = EndpointEvent | { readonly event: 'over' };

/** Fewer new samples are not worth a call to the engine. 100 ms. */
const LEAST_PIECE = SPEECH_RATE_HZ / 10;
/** Shorter sounds that are no command are coughs and clicks: the person is still expected to speak. */
const COUGH_MS = 400;
/** So long may a turn go on without any speech. */
const MAX_QUIET_SAMPLES = 60 * SPEECH_RATE_HZ;

let utterances = 0;

export function createTurn(options: TurnOptions): Turn {
  const { recogniser, format, silenceMs, transcribe, onPartial, onFinal } = options;
  const stream = createSpeechStream({ rateHz: format.rate, channels: format.channels });
  const endpointer = createEndpointer({ silenceMs });
  const tape = createTape();
  const steps: Step[] = [];
  const { promise: done, resolve } = Promise.withResolvers<void>();
  let seq = -1;
  let ended = false;
  let finished = false;
  let stepping = false;
  let listening = false;
  let shown = '';
  let utterance: Utterance | undefined;
  /** There was a sound, though no command. */
  let cough: Transcript | undefined;

  function hear(samples: Int16Array): void {
    if (samples.length === 0) return;
    tape.push(samples);
    steps.push(...endpointer.push(samples));
    if (tape.end > MAX_QUIET_SAMPLES && !utterance && steps.length === 0) end();
  }

  function end(): void {
    if (ended) return;
    ended = true;
    const rest = stream.end();
    tape.push(rest);
    if (rest.length > 0) steps.push(...endpointer.push(rest));
    steps.push(...endpointer.end(), { event: 'over' });
    void proceed();
  }

  /** One step after the other, however long recognising takes. */
  async function proceed(): Promise<void> {
    if (stepping) return;
    stepping = true;
    for (let step = steps.shift(); step; step = steps.shift()) await attempt(step);
    stepping = false;
    if (!finished && !utterance && steps.length === 0) tape.forget(endpointer.keepFromSample);
    void listen();
  }

  /** Whatever goes wrong, somebody waits for the transcript. */
  async function attempt(step: Step): Promise<void> {
    try {
      await take(step);
    } catch (error) {
      finish({ ...recogniser.silence(), error: explain(error) });
    }
  }

  async function take(step: Step): Promise<void> {
    if (finished) return;
    switch (step.event) {
      case 'speech-started':
        utterance = { name: `${utterances++}`, start: step.startSample, sent: 0 };
        return;
      case 'speech-ended':
        return step.reason === 'noise' ? forget() : await recognise(step);
      case 'over':
        return finish(cough ?? recogniser.silence());
    }
  }

  async function recognise({ startSample, endSample, speechMs }: SpeechEnded): Promise<void> {
    const samples = tape.cut(startSample, endSample);
    const heard = await transcribe({ samples, utterance: utterance?.name, speechMs });
    forget();
    if (heard.error?.code !== 'NOT_UNDERSTOOD' || speechMs > COUGH_MS) return finish(heard);
    cough = heard;
  }

  function forget(): void {
    utterance = undefined;
  }

  function finish(transcript: Transcript): void {
    finished = true;
    ended = true;
    tape.forget(tape.end);
    onFinal(transcript);
    resolve();
  }

  /** Gives the engine what has come since, as long as nothing else is to be done. */
  async function listen(): Promise<void> {
    const current = utterance;
    if (listening || stepping || finished || !current) return;
    const from = current.start + current.sent;
    if (tape.end - from < LEAST_PIECE) return;
    listening = true;
    const samples = tape.cut(from, tape.end);
    const piece = { utterance: current.name, from: current.sent, samples };
    current.sent += samples.length;
    const text = await recogniser.listen(piece);
    listening = false;
    if (current === utterance && !finished && text !== '' && text !== shown) onPartial(text);
    shown = text;
    void listen();
  }

  return {
    done,
    end,
    push(header, body) {
      // Already heard: with QoS 1 a frame may come twice.
      if (ended || header.seq <= seq) return;
      seq = header.seq;
      try {
        hear(stream.push(samplesOf(body)));
      } finally {
        if (header.last) end();
        else void proceed();
      }
    },
  };
}
