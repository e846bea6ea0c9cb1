/** `hearth models`: what there is, fetching it, checking it, and where it is. */
import path from 'node:path';
import { UserError } from '@hearth/runtime';
import { withFolderLock } from '../house/folder-lock.ts';
import { CATALOGUE, modelNamed } from '../models/catalogue.ts';
import { checkModel, stateOfModel } from '../models/check-model.ts';
import { formatBytes, type Model, sizeOf } from '../models/model.ts';
import { pullModel } from '../models/pull-model.ts';
import { createProgress } from '../show/progress.ts';
import { EXIT } from '../show/screen.ts';
import type { Invocation } from './common.ts';

/** @returns the exit code */
export async function listModels({ settings, screen }: Invocation): Promise<number> {
  const folder = settings.HEARTH_MODELS_DIR;
  const rows = await Promise.all(
    CATALOGUE.map(async (model) => ({ model, state: await stateOfModel(model, folder) })),
  );
  const lines = rows.map(({ model, state }) => {
    const size = sizeOf(model);
    const about = `${model.about} (${model.licence})`;
    const mark = state === 'missing' ? ' ' : state === 'present' ? '*' : '~';
    const known = size ?? model.files[0].bytes;
    return `${mark} ${model.name.padEnd(36)}${known ? formatBytes(known).padStart(7) : '      ?'}  ${about}`;
  });
  const human = [...lines, '', `* is in ${folder}, ~ in part`].join('\n');
  const models = rows.map(({ model, state }) => ({
    ...model,
    state,
    bytes: sizeOf(model) ?? null,
    verifiable: model.files.every(({ sha256 }) => sha256 !== undefined),
  }));
  screen.print(human, { folder, models });
  return EXIT.ok;
}

/** @returns the exit code */
export async function pull(invocation: Invocation, name: string): Promise<number> {
  const { settings, screen, signal } = invocation;
  const model = modelNamed(name);
  const folder = settings.HEARTH_MODELS_DIR;
  screen.tell(`${model.name}: ${model.licence}`);
  const came = await withFolderLock(folder, 'fetching models', () =>
    pullModel(model, {
      folder,
      mirror: settings.HEARTH_MODELS_MIRROR,
      signal,
      onFile(file, url) {
        if (!file.sha256) screen.tell(`${url}: unverified, because its checksum is not known`);
        return createProgress(process.stderr, path.basename(file.path));
      },
    }),
  );
  const at = mainFile(model, folder);
  const human = came.length === 0 ? `${model.name} was there already: ${at}` : at;
  screen.print(human, { name: model.name, path: at, fetched: came });
  return EXIT.ok;
}

/** Without a name: all that are there, whole or in part. */
export async function verify(
  { settings, screen, signal }: Invocation,
  name: string | undefined,
): Promise<number> {
  const folder = settings.HEARTH_MODELS_DIR;
  const models = name === undefined ? await pulled(folder) : [modelNamed(name)];
  const checked = [];
  for (const model of models) {
    checked.push({ name: model.name, files: await checkModel(model, folder, signal) });
  }
  const isBroken = checked.some(({ files }) =>
    files.some(({ state }) => state === 'broken' || state === 'missing'),
  );
  const lines = checked.flatMap((model) => [
    model.name,
    ...model.files.map(
      ({ file, state, reason }) => `  ${state.padEnd(11)}${file}${reason ? `: ${reason}` : ''}`,
    ),
  ]);
  if (lines.length === 0) lines.push(`There are no models in ${folder}.`);
  if (isBroken) lines.push('What is broken or missing comes with: npx hearth models pull NAME');
  screen.print(lines.join('\n'), { ok: !isBroken, models: checked });
  return isBroken ? EXIT.failed : EXIT.ok;
}

/** @throws UserError `MODEL_MISSING` */
export async function pathOf({ settings, screen }: Invocation, name: string): Promise<number> {
  const model = modelNamed(name);
  const folder = settings.HEARTH_MODELS_DIR;
  const at = mainFile(model, folder);
  if ((await stateOfModel(model, folder)) !== 'present') {
    const message = `${model.name} is not in ${folder}. Run: npx hearth models pull ${model.name}`;
    throw new UserError('MODEL_MISSING', message);
  }
  const files = model.files.map((file) => path.join(folder, file.path));
  screen.print(at, { name: model.name, path: at, files });
  return EXIT.ok;
}

async function pulled(folder: string): Promise<Model[]> {
  const states = await Promise.all(CATALOGUE.map((model) => stateOfModel(model, folder)));
  return CATALOGUE.filter((_, index) => states[index] !== 'missing');
}

function mainFile({ files }: Model, folder: string): string {
  return path.join(folder, files[0].path);
}
