/**
 * The library @mintplex-labs/piper-tts-web, made for browsers, in a thread of Node. It is given what it asks a browser for
 * (`browser.ts`), an inference that we choose (`inference.ts`) and a phonemizer that lasts (`phonemizer.ts`).
 */
import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { importOptional, requireModel, RuntimeError } from '@hearth/runtime';
import { TtsError } from '../../errors.ts';
import { pretendBrowser, type VirtualFiles } from './browser.ts';
import { createInference, type Inference, type Ort } from './inference.ts';
import { createPhonemizer, type PhonemizerFactory } from './phonemizer.ts';
import type { PiperVoice } from './voices.ts';

/** `native` is onnxruntime-node; `auto` takes it when it is installed. */
export type PiperRuntime = 'auto' | 'wasm' | 'native';

export interface PiperSession {
  /** One sentence. `speed` 2 is twice as fast. */
  speak(sentence: string, speed: number): Promise<Int16Array>;
  close(): Promise<void>;
}

export interface Piper {
  open(voice: PiperVoice): Promise<PiperSession>;
}

/** What of the library is used. */
interface PiperLibrary {
  readonly PATH_MAP: Record<string, string>;
  readonly TtsSession: {
    /** Gives the session that it keeps in `_instance`, whatever voice is asked for, unless that is taken away. */
    create(options: {
      voiceId: string;
      wasmPaths: { onnxWasm: string; piperData: string; piperWasm: string };
    }): Promise<{ predict(text: string): Promise<Blob> }>;
  };
}

const PACKAGE = '@mintplex-labs/piper-tts-web';
const WASM_RUNTIME = 'onnxruntime-web/wasm';
const WAV_HEADER_BYTES = 44;

export async function openPiper(options: {
  readonly enginesDir: string;
  readonly runtime: PiperRuntime;
}): Promise<Piper> {
  const from = { enginesDir: options.enginesDir, addName: 'piper' };
  const files: VirtualFiles = new Map();
  pretendBrowser(files);
  const inference = createInference(await importOrt(options, from));
  plugIn(inference);
  const { PATH_MAP, TtsSession } = await importOptional<PiperLibrary>(PACKAGE, from);
  const wasmPaths = locateWasm(options.enginesDir);

  async function create(voice: PiperVoice) {
    Reflect.set(TtsSession, '_instance', null);
    return await TtsSession.create({ voiceId: voice.name, wasmPaths }).catch((cause: unknown) => {
      const pull = `Run: npx hearth models pull ${voice.name}`;
      const message = `The voice file ${voice.model} is broken. ${pull}`;
      throw new RuntimeError('MODEL_BROKEN', message, { cause });
    });
  }

  return {
    async open(voice) {
      await requireModel(voice.model, { pullName: voice.name });
      // The library knows a file by the last part of its path alone.
      PATH_MAP[voice.name] = `local/${voice.name}.onnx`;
      files.set(`${voice.name}.onnx`, voice.model);
      files.set(`${voice.name}.onnx.json`, new Blob([JSON.stringify(voice.config)]));
      const session = await create(voice);
      const model = inference.created();
      return {
        async speak(sentence, speed) {
          model.speed = speed;
          return samplesOf(await session.predict(sentence).catch(failed));
        },
        close: () => model.close(),
      };
    },
  };
}

async function importOrt(
  { enginesDir, runtime }: { readonly enginesDir: string; readonly runtime: PiperRuntime },
  from: { readonly enginesDir: string; readonly addName: string },
): Promise<Ort> {
  const native = () => importOptional<Ort>('onnxruntime-node', from);
  const wasm = () => importOptional<Ort>(WASM_RUNTIME, from);
  if (runtime === 'native') return await native();
  if (runtime === 'auto' && canResolve('onnxruntime-node', enginesDir)) return await native();
  return await wasm();
}

/** The library imports these two by itself; it is given ours. A data URL can hold no more than a look at a global. */
function plugIn(inference: Inference): void {
  const key = Symbol.for('hearth.piper');
  let chunk = '';
  const load = async (): Promise<PhonemizerFactory> => {
    // A real edge: a file of the library that exports this one function.
    const loaded: { createPiperPhonemize: PhonemizerFactory } = await import(chunk);
    return loaded.createPiperPhonemize;
  };
  Reflect.set(globalThis, key, {
    ort: inference.ort,
    createPiperPhonemize: createPhonemizer(load),
  });
  const given = (code: string) => ({
    url: `data:text/javascript,${encodeURIComponent(`const given = globalThis[Symbol.for('hearth.piper')]; ${code}`)}`,
    shortCircuit: true,
  });
  registerHooks({
    resolve(specifier, context, next) {
      if (!context.parentURL?.endsWith('/piper-tts-web.js')) return next(specifier, context);
      if (specifier === WASM_RUNTIME) return given('export default given.ort;');
      if (!/^\.\/piper-[^/]*\.js$/.test(specifier)) return next(specifier, context);
      chunk = next(specifier, context).url;
      return given('export const createPiperPhonemize = given.createPiperPhonemize;');
    },
  });
}

function locateWasm(enginesDir: string) {
  const require = createRequire(path.join(enginesDir, 'engines.js'));
  const phonemizer = '@diffusionstudio/piper-wasm/build/piper_phonemize';
  try {
    return {
      onnxWasm: pathToFileURL(path.dirname(require.resolve(WASM_RUNTIME))).href + '/',
      piperData: require.resolve(`${phonemizer}.data`),
      piperWasm: require.resolve(`${phonemizer}.wasm`),
    };
  } catch (cause) {
    const message = 'piper is not installed completely. Run: npx hearth engines add piper';
    throw new RuntimeError('ENGINE_UNAVAILABLE', message, { cause });
  }
}

function canResolve(name: string, enginesDir: string): boolean {
  try {
    createRequire(path.join(enginesDir, 'engines.js')).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** What the library says may hold the text. */
function failed(cause: unknown): never {
  throw cause instanceof TtsError
    ? cause
    : new TtsError('SYNTHESIS_FAILED', 'piper gave no audio', { cause });
}

async function samplesOf(wav: Blob): Promise<Int16Array> {
  return new Int16Array(await wav.slice(WAV_HEADER_BYTES).arrayBuffer());
}
