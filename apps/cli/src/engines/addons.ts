/** The engines that are installed on request: too heavy, or of too little use to most, to come with Hearth. */
import { UserError } from '@hearth/runtime';
import { EXIT } from '../show/screen.ts';

export interface Addon {
  readonly name: string;
  readonly about: string;
  readonly licence: string;
  /** npm packages with exact versions, which were tried together. */
  readonly packages: Readonly<Record<string, string>>;
  /** On disk, with all that comes along (Linux x64). */
  readonly megabytes: number;
  /** What else is to be done. */
  readonly next?: string;
}

export const ADDONS: readonly Addon[] = [
  {
    name: 'whisper',
    about: 'speech to text: whisper.cpp in process, CPU only',
    licence: 'MIT',
    packages: { '@fugood/whisper.node': '1.1.3' },
    megabytes: 23,
    next: 'npx hearth models pull whisper-base.en',
  },
  {
    name: 'whisper-node',
    about: 'speech to text: whisper.cpp 1.5 as a program, built here with make and a C++ compiler',
    licence: 'MIT',
    packages: { 'whisper-node': '1.1.1' },
    megabytes: 12,
    next: 'npx hearth models build whisper-node, and: npx hearth models pull whisper-base.en',
  },
  {
    name: 'sherpa',
    about: 'speech to text while it is spoken, and voices: sherpa-onnx',
    licence: 'Apache-2.0',
    packages: { 'sherpa-onnx-node': '1.13.8' },
    megabytes: 32,
  },
  {
    name: 'transformers',
    about: 'embeddings for the memory, speech to text: transformers.js with onnxruntime',
    licence: 'Apache-2.0',
    packages: { '@huggingface/transformers': '4.3.1' },
    megabytes: 473,
    next: 'npx hearth models pull all-MiniLM-L6-v2',
  },
  {
    name: 'piper',
    about: 'voices: Piper, in WASM and with onnxruntime',
    licence: 'MIT; its phonemizer holds espeak-ng, GPL-3.0',
    packages: {
      '@diffusionstudio/piper-wasm': '1.0.0',
      '@mintplex-labs/piper-tts-web': '1.0.5',
      'onnxruntime-node': '1.30.0',
      'onnxruntime-web': '1.30.0',
    },
    megabytes: 455,
    next: 'npx hearth models pull en_US-amy-medium',
  },
  {
    name: 'llama',
    about: 'language models in process: llama.cpp, CPU only',
    licence: 'MIT',
    packages: { 'node-llama-cpp': '3.22.1' },
    megabytes: 104,
  },
  {
    name: 'openai',
    about: 'language models of OpenAI',
    licence: 'Apache-2.0',
    packages: { '@ai-sdk/openai': '4.0.118' },
    megabytes: 16,
  },
  {
    name: 'anthropic',
    about: 'language models of Anthropic',
    licence: 'Apache-2.0',
    packages: { '@ai-sdk/anthropic': '4.0.105' },
    megabytes: 15,
  },
  {
    name: 'google',
    about: 'language models of Google',
    licence: 'Apache-2.0',
    packages: { '@ai-sdk/google': '4.0.121' },
    megabytes: 15,
  },
  {
    name: 'postgres',
    about: 'the memory in PostgreSQL with pgvector',
    licence: 'MIT',
    packages: { pg: '8.23.1' },
    megabytes: 1,
  },
  {
    name: 'sqlite-vec',
    about: 'vectors in the SQLite memory',
    licence: 'MIT or Apache-2.0',
    packages: { 'sqlite-vec': '0.1.9' },
    megabytes: 1,
  },
];

/** @throws UserError `UNKNOWN_ENGINE` that names what there is */
export function addonNamed(name: string, addons: readonly Addon[] = ADDONS): Addon {
  const found = addons.find((addon) => addon.name === name);
  if (found) return found;
  const names = addons.map((addon) => addon.name).join(', ');
  const message = `There is no engine "${name}" to install. There are: ${names}. Others come with Hearth.`;
  throw new UserError('UNKNOWN_ENGINE', message, { exitCode: EXIT.usage });
}
