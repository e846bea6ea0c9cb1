/** Imports a heavy package from the folder of installed engines, or says how to install it. */
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from '../errors.ts';
import { asError } from '../offload/wire-error.ts';

export interface OptionalPackage {
  /** The setting HEARTH_ENGINES_DIR: has `node_modules`. */
  readonly enginesDir: string;
  /** The name that `hearth engines add` knows it by. */
  readonly addName: string;
}

/** @throws RuntimeError ENGINE_UNAVAILABLE that says what to run when the package is missing or broken */
export async function importOptional<Module>(
  packageName: string,
  { enginesDir, addName }: OptionalPackage,
): Promise<Module> {
  const add = `Run: npx hearth engines add ${addName}`;
  const url = find(packageName, enginesDir);
  if (!url) throw new RuntimeError('ENGINE_UNAVAILABLE', `${addName} is not installed. ${add}`);
  try {
    // A real edge: only the engine that asks for a package knows what is in it.
    const loaded: Module = await import(url);
    return loaded;
  } catch (thrown) {
    const cause = asError(thrown);
    const message = `${addName} is installed but cannot be loaded (${cause.message}). ${add}`;
    throw new RuntimeError('ENGINE_UNAVAILABLE', message, { cause });
  }
}

/** Resolved as an import in that folder would be: `require.resolve` does not see packages that can only be imported. */
function find(packageName: string, folder: string): string | undefined {
  const parentURL = pathToFileURL(path.resolve(folder, 'engines.js')).href;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, specifier === packageName ? { ...context, parentURL } : context),
  });
  try {
    return import.meta.resolve(packageName);
  } catch {
    return undefined;
  } finally {
    hooks.deregister();
  }
}
