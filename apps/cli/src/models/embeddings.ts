/** Sentence embeddings as ONNX, quantised, with the files of their tokenizers: what transformers.js reads from a folder. */
import type { Model, ModelFile } from './model.ts';

type Known = Readonly<Record<string, Pick<ModelFile, 'bytes' | 'sha256'>>>;

/** The same file in both. */
const TOKENIZER_CONFIG = {
  sha256: '9261e7d79b44c8195c1cada2b453e55b00aeb81e907a6664974b4d7776172ab3',
};

export const EMBEDDINGS: readonly Model[] = [
  embedding({
    name: 'all-MiniLM-L6-v2',
    revision: '751bff37182d3f1213fa05d7196b954e230abad9',
    about: 'sentence embeddings, 384 dimensions, quantised',
    licence: 'Apache-2.0',
    model: {
      bytes: 22_972_370,
      sha256: 'afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1',
    },
    rest: {
      'config.json': {
        sha256: '7135149f7cffa1a573466c6e4d8423ed73b62fd2332c575bf738a0d033f70df7',
      },
      'tokenizer.json': {
        bytes: 711_661,
        sha256: 'da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0',
      },
      'tokenizer_config.json': TOKENIZER_CONFIG,
    },
  }),
  embedding({
    name: 'bge-small-en-v1.5',
    revision: 'ea104dacec62c0de699686887e3f920caeb4f3e3',
    about: 'sentence embeddings, 384 dimensions, quantised; better and slower',
    licence: 'MIT',
    model: {
      bytes: 34_014_426,
      sha256: '6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4',
    },
    rest: {
      // Its checksum could not be confirmed from two sources.
      'config.json': {},
      'tokenizer.json': {
        bytes: 711_396,
        sha256: 'd241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66',
      },
      'tokenizer_config.json': TOKENIZER_CONFIG,
    },
  }),
];

interface Embedding extends Pick<Model, 'name' | 'about' | 'licence'> {
  readonly revision: string;
  readonly model: Pick<ModelFile, 'bytes' | 'sha256'>;
  readonly rest: Known;
}

function embedding({ name, revision, about, licence, model, rest }: Embedding): Model {
  const base = `https://huggingface.co/Xenova/${name}/resolve/${revision}`;
  const file = (path: string, known: Pick<ModelFile, 'bytes' | 'sha256'>): ModelFile => ({
    url: `${base}/${path}`,
    path: `embedding/${name}/${path}`,
    ...known,
  });
  const others = Object.entries(rest).map(([path, known]) => file(path, known));
  const files: Model['files'] = [file('onnx/model_quantized.onnx', model), ...others];
  return { name, kind: 'embedding', about, licence, files };
}
