/** Changes the sample rate: a polyphase filter with a Kaiser-windowed sinc, so that nothing folds back into the speech. */

export interface Resampler {
  /** Samples in, as many samples out as can be known by now. Chunks of any size give the same samples. */
  push(samples: Float32Array): Float32Array;
  /** The rest. All that came out is then as long as all that went in. */
  end(): Float32Array;
}

/**
 * 80 taps at the lower of the two rates and a Kaiser beta for 70 dB: the band up to 0.89 of the lower Nyquist
 * frequency passes (7.1 kHz at 16 kHz), and the stop band begins at Nyquist itself.
 */
const TAPS_AT_LOWER_RATE = 80;
const ATTENUATION_DB = 70;
const BETA = 0.1102 * (ATTENUATION_DB - 8.7);
/** Width of the transition band in cycles per sample, after Kaiser. */
const TRANSITION = (ATTENUATION_DB - 8) / (2.285 * 2 * Math.PI * TAPS_AT_LOWER_RATE);

/** Rates without a common divisor would need a table of many megabytes; 1,024 positions keep the error below -60 dB. */
const MAX_PHASES = 1_024;

/** The whole recording at once; as long as before, rounded to a sample. */
export function resample(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
  if (fromHz === toHz) return samples;
  const resampler = createResampler(fromHz, toHz);
  const head = resampler.push(samples);
  const tail = resampler.end();
  const whole = new Float32Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}

export function createResampler(fromHz: number, toHz: number): Resampler {
  const divisor = gcd(fromHz, toHz);
  const up = toHz / divisor;
  const down = fromHz / divisor;
  const filter = designFilter(up, down);
  // Input from `offset` on; half a filter of silence stands before the first sample.
  let pending = new Float32Array(filter.half);
  let offset = -filter.half;
  let received = 0;
  let written = 0;

  function take(until: number): Float32Array {
    const out = new Float32Array(Math.max(0, until - written));
    for (let i = 0; i < out.length; i++) {
      const position = (written + i) * down;
      const centre = Math.floor(position / up);
      const phase = Math.floor(((position % up) * filter.phases) / up);
      out[i] = dot(filter.taps, phase * filter.length, pending, centre - filter.half + 1 - offset);
    }
    written += out.length;
    const next = Math.floor((written * down) / up) - filter.half + 1;
    pending = pending.slice(Math.max(0, next - offset));
    offset = Math.max(offset, next);
    return out;
  }

  function dot(taps: Float32Array, tap: number, input: Float32Array, at: number): number {
    let sum = 0;
    for (let k = 0; k < filter.length; k++) sum += (taps[tap + k] ?? 0) * (input[at + k] ?? 0);
    return sum;
  }

  return {
    push(samples) {
      received += samples.length;
      pending = join(pending, samples);
      // The last position whose filter ends at or before the newest sample.
      return take(Math.max(written, Math.ceil(((received - filter.half) * up) / down)));
    },
    end() {
      pending = join(pending, new Float32Array(filter.length));
      return take(Math.round((received * up) / down));
    },
  };
}

interface Filter {
  /** One row of `length` taps for each position between two input samples. */
  readonly taps: Float32Array;
  readonly phases: number;
  readonly length: number;
  readonly half: number;
}

function designFilter(up: number, down: number): Filter {
  const phases = Math.min(up, MAX_PHASES);
  // Going down, the filter is stretched to the output rate.
  const scale = Math.min(1, up / down);
  const half = Math.ceil(TAPS_AT_LOWER_RATE / 2 / scale);
  const length = half * 2;
  const cutoff = (0.5 - TRANSITION / 2) * scale;
  const taps = new Float32Array(phases * length);
  for (let phase = 0; phase < phases; phase++) {
    const row = Array.from({ length }, (_, k) => {
      const distance = k - half + 1 - phase / phases;
      return sinc(2 * cutoff * distance) * kaiser(distance / half);
    });
    // Every row lets a constant through unchanged, so the phases cannot beat against each other.
    const sum = row.reduce((total, tap) => total + tap, 0);
    for (const [k, tap] of row.entries()) taps[phase * length + k] = tap / sum;
  }
  return { taps, phases, length, half };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** @param x -1 to 1 across the window */
function kaiser(x: number): number {
  return Math.abs(x) > 1 ? 0 : bessel(BETA * Math.sqrt(1 - x * x)) / bessel(BETA);
}

/** Modified Bessel function of the first kind, order 0, by its series. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let n = 1; term > sum * 1e-9; n++) {
    term *= (x / (2 * n)) ** 2;
    sum += term;
  }
  return sum;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function join(a: Float32Array, b: Float32Array): Float32Array<ArrayBuffer> {
  const joined = new Float32Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
