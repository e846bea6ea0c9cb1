/** The files of a streaming model of sherpa-onnx: found by their names, and checked before the library opens them. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { RuntimeError, requireModel } from '@hearth/runtime';

/** Either a transducer (encoder, decoder, joiner) or a single CTC model. */
export interface SherpaModel {
  readonly tokens: string;
  readonly encoder?: string;
  readonly decoder?: string;
  readonly joiner?: string;
  readonly ctc?: string;
}

/** As `sha256sum *.onnx tokens.txt > SHA256SUMS` writes it. */
const SUMS = 'SHA256SUMS';
const WHERE = 'Streaming models: https://k2-fsa.github.io/sherpa/onnx/pretrained_models/';

/**
 * Each file must be there and not be empty; with SHA256SUMS beside them each must have its sum there.
 * @throws RuntimeError MODEL_MISSING, MODEL_BROKEN
 */
export async function findSherpaModel(folder: string): Promise<SherpaModel> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw missing(folder, 'is missing', cause);
  });
  const sums = names.includes(SUMS)
    ? readSums(await readFile(path.join(folder, SUMS), 'utf8'))
    : undefined;
  const check = async (name: string) => {
    const sha256 = sums?.get(name);
    if (sums && !sha256) {
      throw new RuntimeError('MODEL_BROKEN', `${path.join(folder, SUMS)} has no line for ${name}.`);
    }
    return await requireModel(path.join(folder, name), { sha256 });
  };
  const part = (begins: string) => pick(names, begins);
  const tokens = await check('tokens.txt');
  const [encoder, decoder, joiner] = [part('encoder'), part('decoder'), part('joiner')];
  if (encoder && decoder && joiner) {
    return {
      tokens,
      encoder: await check(encoder),
      decoder: await check(decoder),
      joiner: await check(joiner),
    };
  }
  const ctc = part('model') ?? part('ctc');
  if (ctc) return { tokens, ctc: await check(ctc) };
  throw missing(folder, 'holds neither encoder, decoder and joiner nor a model as .onnx');
}

/** The quantised one where there are two: it is several times faster on a small machine. */
function pick(names: readonly string[], begins: string): string | undefined {
  const fitting = names.filter((name) => name.startsWith(begins) && name.endsWith('.onnx')).sort();
  return fitting.find((name) => name.includes('int8')) ?? fitting[0];
}

function readSums(text: string): ReadonlyMap<string, string> {
  const lines = text.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm);
  return new Map(Array.from(lines, ([, sum = '', name = '']) => [name.trim(), sum]));
}

function missing(folder: string, what: string, cause?: unknown): RuntimeError {
  return new RuntimeError('MODEL_MISSING', `The model folder ${folder} ${what}. ${WHERE}`, {
    cause,
  });
}
