/** Runs the models of Piper voices, in WASM or natively, with a speed for each call. */
import { TtsError } from '../../errors.ts';

interface Tensor {
  readonly data: ArrayLike<number>;
}
type Feeds = Readonly<Record<string, Tensor>>;

interface OrtSession {
  run(feeds: Feeds): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/** What onnxruntime-web and onnxruntime-node have in common, as far as it is used. */
export interface Ort {
  readonly env: object;
  readonly Tensor: new (type: 'float32', data: readonly number[]) => Tensor;
  readonly InferenceSession: {
    create(model: ArrayBuffer, options: object): Promise<OrtSession>;
  };
}

interface Model {
  speed: number;
  close(): Promise<void>;
}

export interface Inference {
  /** To be used by the library in place of onnxruntime-web. */
  readonly ort: object;
  /** The model that the library opened last. */
  created(): Model;
}

/** More than one thread made it slower on every machine measured, and a home has other work to do. */
const SESSION = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 };

export function createInference(real: Ort): Inference {
  let last: Model | undefined;

  async function create(bytes: ArrayBuffer) {
    const session = await real.InferenceSession.create(bytes, SESSION);
    const model: Model = { speed: 1, close: () => session.release() };
    last = model;
    return {
      async run(feeds: Feeds) {
        // The library cannot tell of a text that was not turned into sounds: it would wait for ever.
        if (feeds['input']?.data.length === 0) {
          throw new TtsError('SYNTHESIS_FAILED', 'piper could not turn the text into sounds');
        }
        const scales = scaled(feeds['scales'], model.speed);
        const { output } = await session.run({ ...feeds, scales });
        return { output: output && { data: inFullVoice(output.data) } };
      },
    };
  }

  /** noise, length, noise of lengths */
  function scaled(scales: Tensor | undefined, speed: number): Tensor {
    const [noise = 0, length = 1, width = 0] = Array.from(scales?.data ?? []);
    return new real.Tensor('float32', [noise, length / speed, width]);
  }

  return {
    ort: { env: real.env, Tensor: real.Tensor, InferenceSession: { create } },
    created() {
      if (!last) throw new TtsError('SYNTHESIS_FAILED', 'piper opened no model');
      return last;
    },
  };
}

const PEAK = 0.9;
/** Below it there was silence, which is not to be made into noise. */
const SILENT_PEAK = 0.01;

/** Voices come at any level; Piper's own program brings each sentence to the full one as well. */
function inFullVoice(samples: ArrayLike<number>): Float32Array {
  const louder = Float32Array.from(samples);
  const peak = louder.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
  const gain = PEAK / Math.max(SILENT_PEAK, peak);
  return louder.map((sample) => sample * gain);
}
