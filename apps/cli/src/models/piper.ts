/** Some Piper voices. Each is a model and a JSON file beside it. */
import type { Model } from './model.ts';

const BASE = 'https://huggingface.co/rhasspy/piper-voices/resolve/v1.0.0/en';
/** Of every voice of this quality: they differ in their numbers only. */
const MEDIUM_BYTES = 63_201_294;

interface Known {
  readonly bytes?: number;
  readonly sha256: string;
  readonly jsonBytes: number;
  readonly jsonSha256: string;
}

export const PIPER: readonly Model[] = [
  piper('en_US-amy-medium', 'American, female', {
    sha256: 'b3a6e47b57b8c7fbe6a0ce2518161a50f59a9cdd8a50835c02cb02bdd6206c18',
    jsonBytes: 4_882,
    jsonSha256: '95a23eb4d42909d38df73bb9ac7f45f597dbfcde2d1bf9526fdeaf5466977d77',
  }),
  piper('en_US-lessac-medium', 'American, female, clear', {
    sha256: '5efe09e69902187827af646e1a6e9d269dee769f9877d17b16b1b46eeaaf019f',
    jsonBytes: 4_885,
    jsonSha256: 'efe19c417bed055f2d69908248c6ba650fa135bc868b0e6abb3da181dab690a0',
  }),
  piper('en_US-ryan-high', 'American, male, fine and slow', {
    bytes: 120_786_792,
    sha256: 'b3990d7606e183ec8dbfba70a4607074f162de1a0c412e0180d1ff60bb154eca',
    jsonBytes: 4_166,
    jsonSha256: 'c6d3b98f08315cb4bebf0d49d50fc4ff491b503c64b940cd3d5ca28543b48011',
  }),
  piper('en_GB-alan-medium', 'British, male', {
    sha256: '0a309668932205e762801f1efc2736cd4b0120329622adf62be09e56339d3330',
    jsonBytes: 4_888,
    jsonSha256: 'c0f0d124e5895c00e7c03b35dcc8287f319a6998a365b182deb5c8e752ee8c1e',
  }),
  piper('en_GB-northern_english_male-medium', 'Northern English, male', {
    sha256: '57a219ae8e638873db7d18893304be5069c42868f392bb95c3ff17f0690d0689',
    jsonBytes: 4_847,
    jsonSha256: '69557ed3d974463453e9b0c09dd99a7ed0e52b8b87b64b357dbeeb2540a97d47',
  }),
];

function piper(name: string, how: string, known: Known): Model {
  const [language, speaker, quality] = name.split('-');
  const url = `${BASE}/${language}/${speaker}/${quality}/${name}.onnx`;
  const { bytes = MEDIUM_BYTES, sha256, jsonBytes, jsonSha256 } = known;
  return {
    name,
    kind: 'piper',
    about: `voice: ${how}`,
    licence: 'MIT; the recordings behind it have their own: see MODEL_CARD at its source',
    files: [
      { url, path: `piper/${name}.onnx`, bytes, sha256 },
      {
        url: `${url}.json`,
        path: `piper/${name}.onnx.json`,
        bytes: jsonBytes,
        sha256: jsonSha256,
      },
    ],
  };
}
