/** The models that `hearth models` knows. */
import { UserError } from '@hearth/runtime';
import { EXIT } from '../show/screen.ts';
import { EMBEDDINGS } from './embeddings.ts';
import { LISTENING } from './listening.ts';
import type { Model } from './model.ts';
import { PIPER } from './piper.ts';
import { WHISPER } from './whisper.ts';

export const CATALOGUE: readonly Model[] = [...WHISPER, ...PIPER, ...EMBEDDINGS, ...LISTENING];

/** @throws UserError `UNKNOWN_MODEL` that names what there is */
export function modelNamed(name: string): Model {
  const found = CATALOGUE.find((model) => model.name.toLowerCase() === name.toLowerCase());
  if (found) return found;
  const names = CATALOGUE.map((model) => `  ${model.name}`).join('\n');
  const message = `There is no model "${name}". There are:\n${names}`;
  throw new UserError('UNKNOWN_MODEL', message, { exitCode: EXIT.usage });
}
