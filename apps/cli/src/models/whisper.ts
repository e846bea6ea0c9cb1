/** Whisper models in the format of whisper.cpp. */
import type { Model } from './model.ts';

const BASE =
  'https://huggingface.co/ggerganov/whisper.cpp/resolve/5359861c739e955e79d9a303bcbc70fb988958b1';

export const WHISPER: readonly Model[] = [
  whisper('tiny.en', 'the fastest', {
    bytes: 77_704_715,
    sha256: '921e4cf8686fdd993dcd081a5da5b6c365bfde1162e72b08d75ac75289920b1f',
  }),
  whisper('base.en', 'a good start', {
    bytes: 147_964_211,
    sha256: 'a03779c86df3323075f5e796cb2ce5029f00ec8869eee3fdfb897afe36c6d002',
  }),
  whisper('small.en', 'hears best, needs a fast machine', {
    bytes: 487_614_201,
    sha256: 'c6138d6d58ecc8322097e0f987c32f1be8bb0a18532a3f88f734d1bbf9c41e5d',
  }),
];

function whisper(size: string, how: string, known: { bytes: number; sha256: string }): Model {
  const file = `ggml-${size}.bin`;
  return {
    name: `whisper-${size}`,
    kind: 'whisper',
    about: `English speech to text: ${how}`,
    licence: 'MIT',
    files: [{ url: `${BASE}/${file}`, path: `whisper/${file}`, ...known }],
  };
}
