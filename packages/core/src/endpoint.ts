/** Finds where speech begins and ends, by loudness above the noise of the room. Time is counted in samples; there is no clock. */
import { SPEECH_RATE_HZ } from '@hearth/contracts';
import { createLoudness, WINDOW_SAMPLES } from './loudness.ts';
import { MEMORY_WINDOWS, outstanding, speechThresholdDb, thresholdOfShortDb } from './noise.ts';

/** Samples are counted from the first one pushed. The caller keeps the sound and cuts it at these places. */
export type EndpointEvent = SpeechStarted | SpeechEnded;

interface SpeechStarted {
  readonly event: 'speech-started';
  readonly startSample: number;
}

export interface SpeechEnded {
  readonly event: 'speech-ended';
  /**
   * `last`: the sound ended. `noise`: what had begun is a steady noise, such as a fan that was switched on; there is
   * nothing to recognise, and listening goes on.
   */
  readonly reason: 'silence' | 'too-long' | 'last' | 'noise';
  /** The first sample, with some silence before the first sound. */
  readonly startSample: number;
  /** Behind the last sample, with some silence after the last sound. */
  readonly endSample: number;
  /** From the first to the last sound. */
  readonly speechMs: number;
}

export interface EndpointOptions {
  /** Silence that ends an utterance. */
  readonly silenceMs?: number;
  /** Less sound than this is a click. At most 300. */
  readonly minSpeechMs?: number;
  /** An utterance is ended when it is this long, its padding included. */
  readonly maxUtteranceMs?: number;
  /** Kept before the first and after the last sound: the soft beginnings and ends of words are below the threshold. */
  readonly paddingMs?: number;
}

export interface Endpointer {
  /** @param samples 16 kHz, one channel, any number of them */
  push(samples: Int16Array): EndpointEvent[];
  /** Ends the sound; nothing can be pushed after it. */
  end(): EndpointEvent[];
  /** No later event starts before this sample: a caller that listens for hours may forget what is older. */
  readonly keepFromSample: number;
}

/** Sounds that are further apart do not add up to speech. */
const MAX_GAP_WINDOWS = 5;

/** A click, which may fall into two windows, does not prolong an utterance. */
const MIN_BURST_WINDOWS = 3;

/** A stretch of sound, in windows from the first one on. */
interface Stretch {
  readonly first: number;
  last: number;
  /** Windows above the threshold. */
  loud: number;
}

interface Utterance extends Stretch {
  readonly startSample: number;
  /** Levels from window `first` on; bounded by the maximum length. */
  readonly levels: number[];
}

/** Every part of a whole recording that holds speech. */
export function findSpeech(samples: Int16Array, options?: EndpointOptions): SpeechEnded[] {
  const endpointer = createEndpointer(options);
  return [...endpointer.push(samples), ...endpointer.end()].flatMap((event) => {
    return event.event === 'speech-ended' && event.reason !== 'noise' ? [event] : [];
  });
}

export function createEndpointer(options: EndpointOptions = {}): Endpointer {
  const { silenceMs = 700, minSpeechMs = 120, maxUtteranceMs = 60_000, paddingMs = 300 } = options;
  const silence = windowsOf(silenceMs);
  const minSpeech = windowsOf(Math.min(minSpeechMs, 300));
  const padding = samplesIn(paddingMs);
  const loudness = createLoudness();
  /** Levels of the last two seconds. */
  const recent: number[] = [];
  /** Windows measured so far. */
  let windows = 0;
  let received = 0;
  /** Where the last utterance ended: the next one begins there at the earliest. */
  let free = 0;
  let candidate: Stretch | undefined;
  let utterance: Utterance | undefined;
  /** The latest sounds of the utterance that are close together. */
  let burst = { last: 0, loud: 0 };

  function hear(level: number): EndpointEvent[] {
    recent.push(level);
    if (recent.length > MEMORY_WINDOWS) recent.shift();
    windows += 1;
    if (utterance === undefined) return wait(level);
    utterance.levels.push(level);
    if (level > speechThresholdDb(recent)) prolong(utterance, windows - 1);
    return check(utterance);
  }

  function prolong(current: Utterance, at: number): void {
    const apart = at - burst.last > MAX_GAP_WINDOWS;
    burst = { last: at, loud: apart ? 1 : burst.loud + 1 };
    if (burst.loud >= MIN_BURST_WINDOWS) current.last = at;
  }

  /** Nobody speaks yet, as far as is known. */
  function wait(level: number): EndpointEvent[] {
    const threshold = speechThresholdDb(recent);
    // In the first two seconds the noise is not known: speech from the first sample on shows only at its first gap.
    if (windows <= MEMORY_WINDOWS) candidate = search(threshold);
    else candidate = extend(candidate, windows - 1, level > threshold);
    return begin();
  }

  /** The first stretch of speech in the sound so far. */
  function search(threshold: number): Stretch | undefined {
    let found: Stretch | undefined;
    for (let i = Math.ceil(free / WINDOW_SAMPLES); i < windows; i++) {
      if (found && found.loud >= minSpeech && i - found.last > silence) break;
      found = extend(found, i, (recent[i] ?? threshold) > threshold);
    }
    return found;
  }

  function extend(stretch: Stretch | undefined, at: number, loud: boolean): Stretch | undefined {
    const over = stretch && stretch.loud < minSpeech && at - stretch.last > MAX_GAP_WINDOWS;
    if (!loud) return over ? undefined : stretch;
    if (stretch === undefined || over) return { first: at, last: at, loud: 1 };
    return { first: stretch.first, last: at, loud: stretch.loud + 1 };
  }

  function begin(): EndpointEvent[] {
    if (candidate === undefined || candidate.loud < minSpeech) return [];
    const startSample = Math.max(free, candidate.first * WINDOW_SAMPLES - padding);
    const levels = recent.slice(candidate.first - windows);
    utterance = { ...candidate, startSample, levels };
    burst = { last: candidate.last, loud: candidate.loud };
    candidate = undefined;
    return [{ event: 'speech-started', startSample }, ...check(utterance)];
  }

  function check(current: Utterance): EndpointEvent[] {
    const { first, last, startSample, levels } = current;
    const limit = startSample + samplesIn(maxUtteranceMs);
    const now = windows * WINDOW_SAMPLES;
    if (now >= limit) return [finish(current, 'too-long', limit)];
    if (windows - 1 - last < silence) return [];
    const steady = outstanding(levels, last - first + 1) < minSpeech;
    return [finish(current, steady ? 'noise' : 'silence', now)];
  }

  function finish(
    { first, last, startSample }: Utterance,
    reason: SpeechEnded['reason'],
    limit: number,
  ): SpeechEnded {
    const padded = reason === 'too-long' ? limit : (last + 1) * WINDOW_SAMPLES + padding;
    const endSample = Math.min(padded, limit, received);
    free = endSample;
    utterance = undefined;
    const speechMs = ((last - first + 1) * WINDOW_SAMPLES * 1000) / SPEECH_RATE_HZ;
    return { event: 'speech-ended', reason, startSample, endSample, speechMs };
  }

  return {
    push(samples) {
      received += samples.length;
      return loudness.push(samples).flatMap(hear);
    },
    end() {
      const events = loudness.end().flatMap(hear);
      if (utterance === undefined && free === 0 && windows <= MEMORY_WINDOWS) {
        candidate = search(thresholdOfShortDb(recent));
        events.push(...begin());
      }
      if (utterance !== undefined) events.push(finish(utterance, 'last', received));
      return events;
    },
    get keepFromSample() {
      if (utterance !== undefined) return utterance.startSample;
      if (windows < MEMORY_WINDOWS) return free;
      return Math.max(free, (candidate?.first ?? windows) * WINDOW_SAMPLES - padding);
    },
  };
}

function samplesIn(ms: number): number {
  return Math.round((ms * SPEECH_RATE_HZ) / 1000);
}

function windowsOf(ms: number): number {
  return Math.ceil(samplesIn(ms) / WINDOW_SAMPLES);
}
