/** What the Piper library asks a browser for, in a thread of Node: storage of files, one core, `require`; and no network. */
import { openAsBlob } from 'node:fs';
import { createRequire } from 'node:module';
import { TtsError } from '../../errors.ts';

/** By name: a path, or the content. */
export type VirtualFiles = Map<string, string | Blob>;

/** Only for a thread that belongs to the library: this changes globals. */
export function pretendBrowser(files: VirtualFiles): void {
  const folder = {
    async getFileHandle(name: string) {
      const file = files.get(name);
      if (file === undefined) throw new Error('no such file');
      return { getFile: async () => (typeof file === 'string' ? openAsBlob(file) : file) };
    },
  };
  const storage = { getDirectory: async () => ({ getDirectoryHandle: async () => folder }) };
  // With more than one core the WASM runtime wants threads from blob: addresses, which Node does not load.
  const navigator = { hardwareConcurrency: 1, storage, userAgent: 'node' };
  const globals = {
    navigator,
    // The emscripten part takes the branch for Node, which is written for CommonJS.
    require: createRequire(import.meta.url),
    __dirname: import.meta.dirname,
    // A file that the library does not find, it would download.
    fetch: async () => {
      throw new TtsError('SYNTHESIS_FAILED', 'piper wanted something from the network');
    },
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}
