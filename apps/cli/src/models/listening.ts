/** What listens all the time: voice activity and wake words. */
import type { Model, ModelFile } from './model.ts';

const WAKE_BASE = 'https://github.com/dscripka/openWakeWord/releases/download/v0.5.1';

/** They turn sound into what every wake word model reads. */
const FRONT_END: readonly ModelFile[] = [
  wakeFile('melspectrogram.onnx', {
    bytes: 1_087_958,
    sha256: 'ba2b0e0f8b7b875369a2c89cb13360ff53bac436f2895cced9f479fa65eb176f',
  }),
  wakeFile('embedding_model.onnx', {
    bytes: 1_326_578,
    sha256: '70d164290c1d095d1d4ee149bc5e00543250a7316b59f31d056cff7bd3075c1f',
  }),
];

export const LISTENING: readonly Model[] = [
  {
    name: 'silero-vad',
    kind: 'vad',
    about: 'tells speech from other sound',
    licence: 'MIT',
    files: [
      {
        url: 'https://github.com/snakers4/silero-vad/raw/v6.2.1/src/silero_vad/data/silero_vad.onnx',
        path: 'vad/silero_vad.onnx',
        bytes: 2_327_524,
        sha256: '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3',
      },
    ],
  },
  wake('hey_jarvis', {
    bytes: 1_271_370,
    sha256: '94a13cfe60075b132f6a472e7e462e8123ee70861bc3fb58434a73712ee0d2cb',
  }),
  wake('alexa', {
    bytes: 854_246,
    sha256: '6ff566a01d12670e8d9e3c59da32651db1575d17272a601b7f8a39283dfbae3e',
  }),
];

function wake(word: string, known: Pick<ModelFile, 'bytes' | 'sha256'>): Model {
  return {
    name: `wake-${word.replace('_', '-')}`,
    kind: 'wake',
    about: `wake word "${word.replace('_', ' ')}", of openWakeWord`,
    // Of the recordings that it was trained on: Hearth does not hand it on, whoever pulls it gets it from its makers.
    licence: 'CC-BY-NC-SA-4.0: no commercial use',
    files: [wakeFile(`${word}_v0.1.onnx`, known), ...FRONT_END],
  };
}

function wakeFile(file: string, known: Pick<ModelFile, 'bytes' | 'sha256'>): ModelFile {
  return { url: `${WAKE_BASE}/${file}`, path: `wake/${file}`, ...known };
}
