/** `hearth engines`: which heavy engines can be installed, installing and removing them. */
import { ADDONS, type Addon, addonNamed } from '../engines/addons.ts';
import { addEngine, type ChangeOptions, removeEngine } from '../engines/change-engines.ts';
import { stateOfAddon } from '../engines/engine-folder.ts';
import { EXIT } from '../show/screen.ts';
import type { Invocation } from './common.ts';

/** @returns the exit code */
export async function listEngines({ settings, screen }: Invocation): Promise<number> {
  const folder = settings.HEARTH_ENGINES_DIR;
  const rows = await Promise.all(
    ADDONS.map(async (addon) => ({ ...addon, state: await stateOfAddon(addon, folder) })),
  );
  const lines = rows.map(({ name, megabytes, state, about, licence }) => {
    const mark = state === 'absent' ? ' ' : state === 'present' ? '*' : '!';
    const note = mark === '!' ? ` [${state}: add it again]` : '';
    return `${mark} ${name.padEnd(14)}${String(megabytes).padStart(4)} MB  ${about} (${licence})${note}`;
  });
  const human = [...lines, '', `* is in ${folder}; all others come with Hearth`].join('\n');
  screen.print(human, { folder, engines: rows });
  return EXIT.ok;
}

/** @returns the exit code */
export async function add(invocation: Invocation, name: string): Promise<number> {
  const { settings, screen } = invocation;
  const addon = addonNamed(name);
  screen.tell(`${name}: ${addon.about} (${addon.licence}), about ${addon.megabytes} MB`);
  const isNew = await addEngine(addon, change(invocation));
  const next = addon.next ? `\nThen: ${addon.next}` : '';
  const human = isNew
    ? `${name} is installed. Services that are to use it must be started anew.${next}`
    : `${name} was there already.${next}`;
  screen.print(human, describe(addon, settings.HEARTH_ENGINES_DIR, { added: isNew }));
  return EXIT.ok;
}

/** @returns the exit code */
export async function remove(invocation: Invocation, name: string): Promise<number> {
  const { settings, screen } = invocation;
  const addon = addonNamed(name);
  const wasThere = await removeEngine(addon, change(invocation));
  const human = wasThere ? `${name} is removed.` : `${name} was not installed.`;
  screen.print(human, describe(addon, settings.HEARTH_ENGINES_DIR, { removed: wasThere }));
  return EXIT.ok;
}

function change({ settings, screen, signal }: Invocation): ChangeOptions {
  return {
    folder: settings.HEARTH_ENGINES_DIR,
    addons: ADDONS,
    env: process.env,
    signal,
    onLine: (line) => {
      if (line.startsWith('Progress:')) screen.tell(line);
    },
  };
}

function describe({ name, packages }: Addon, folder: string, what: object): object {
  return { name, folder, packages, ...what };
}
