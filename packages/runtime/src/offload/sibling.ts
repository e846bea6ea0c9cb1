/** Finds a module beside another one: `.ts` when run from source, `.js` when built. */

/** @param path without extension: `siblingModule(import.meta.url, './engines/flite')` */
export function siblingModule(from: string, path: string): URL {
  const extension = new URL(from).pathname.endsWith('.ts') ? '.ts' : '.js';
  return new URL(path + extension, from);
}
