/** Piper's phonemizer, used again and again: a new one takes 40 ms for each sentence, an old one aborts at its 130th. */

interface EmscriptenModule {
  callMain(args: readonly string[]): unknown;
}

interface ModuleOptions {
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
  readonly locateFile: (name: string) => string;
  /** Otherwise it sets the exit code of the process. */
  readonly quit?: (status: number, toThrow: unknown) => void;
}

export type PhonemizerFactory = (options: ModuleOptions) => Promise<EmscriptenModule>;

const MAX_CALLS = 100;
/** The library waits for an answer in any case, and cannot be told of an error: see `inference.ts`. */
const NO_SOUNDS = JSON.stringify({ phoneme_ids: [] });

/** A factory as the library expects it, which hands out one module for many calls. */
export function createPhonemizer(
  load: () => Promise<PhonemizerFactory>,
  maxCalls = MAX_CALLS,
): PhonemizerFactory {
  let printed: string[] = [];
  let module: EmscriptenModule | undefined;
  let calls = 0;

  async function fresh(locateFile: ModuleOptions['locateFile']): Promise<EmscriptenModule> {
    const create = await load();
    return await create({
      locateFile,
      print: (line) => printed.push(line),
      // It may repeat the text, and to throw here would end the thread.
      printErr: () => {},
      quit: (_status, toThrow) => {
        throw toThrow;
      },
    });
  }

  function sounds(used: EmscriptenModule, args: readonly string[]): string {
    printed = [];
    try {
      used.callMain(args);
    } catch {
      module = undefined;
    }
    const answer = printed.find((line) => line.startsWith('{'));
    printed = [];
    if (answer === undefined) module = undefined;
    return answer ?? NO_SOUNDS;
  }

  return async ({ print, locateFile }) => {
    if (calls >= maxCalls) module = undefined;
    if (!module) calls = 0;
    const used = (module ??= await fresh(locateFile));
    calls += 1;
    return { callMain: (args) => print(sounds(used, args)) };
  };
}
