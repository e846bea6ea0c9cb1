/** Runs one WASI command in memory: arguments in, the single file that it writes out. No disk; `node:wasi` crashes on repeated use. */
import {
  createGrowingFile,
  createPrintout,
  type GrowingFile,
  type Printout,
} from './wasi-files.ts';

/** What the command did. `written` is undefined if it never opened its output file. */
export interface WasiOutcome {
  readonly exitCode: number;
  readonly written: Uint8Array<ArrayBuffer> | undefined;
  /** What it printed on stdout and stderr, the first 4 kB. */
  readonly printed: string;
}

/** The output file's name as the command sees it, in the only folder that exists. */
export const OUTPUT_NAME = 'out.wav';

const FOLDER_FD = 3;
const OUTPUT_FD = 4;

/** WASI preview 1 error numbers. */
const OK = 0;
const EBADF = 8;
const ENOENT = 44;
const ESPIPE = 70;

/** WASI preview 1 file types. */
const CHARACTER_DEVICE = 2;
const DIRECTORY = 3;
const REGULAR_FILE = 4;

/** Thrown by `proc_exit` to leave the module; a WASM `trap` is a `WebAssembly.RuntimeError` and passes through. */
class ProcessExit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/**
 * Every call gets an instance of its own, so nothing the command leaves behind reaches the next one.
 * @param args without the program name
 * @throws WebAssembly.RuntimeError when the command traps, RangeError when memory runs out
 */
export function runWasiCommand(
  module: WebAssembly.Module,
  program: string,
  args: readonly string[],
): WasiOutcome {
  let memory: WebAssembly.Memory | undefined;
  const output = createGrowingFile();
  const printout = createPrintout();
  const view = (): DataView => new DataView(need(memory).buffer);
  const bytes = (start: number, length: number): Uint8Array =>
    new Uint8Array(need(memory).buffer, start, length);

  const imports = {
    ...argumentCalls([program, ...args], view, bytes),
    ...folderCalls(output, view, bytes),
    ...fileCalls(output, printout, view, bytes),
    clock_time_get: (_clock: number, _precision: bigint, timePtr: number) => {
      view().setBigUint64(timePtr, process.hrtime.bigint(), true);
      return OK;
    },
    proc_exit: (exitCode: number) => {
      throw new ProcessExit(exitCode);
    },
  };
  const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: imports });
  if (!(exports['memory'] instanceof WebAssembly.Memory)) throw new TypeError('no memory export');
  memory = exports['memory'];
  const start = exports['_start'];
  if (typeof start !== 'function') throw new TypeError('no _start export');
  return {
    exitCode: exitCodeOf(() => start()),
    written: output.contents(),
    printed: printout.text(),
  };
}

function exitCodeOf(start: () => void): number {
  try {
    start();
    return 0;
  } catch (error) {
    if (error instanceof ProcessExit) return error.exitCode;
    throw error;
  }
}

function need(memory: WebAssembly.Memory | undefined): WebAssembly.Memory {
  if (!memory) throw new TypeError('WASI called before the module was instantiated');
  return memory;
}

type View = () => DataView;
type Bytes = (start: number, length: number) => Uint8Array;

/** `args_*`: null-terminated strings, packed into one buffer, with a table of pointers to them. */
function argumentCalls(args: readonly string[], view: View, bytes: Bytes) {
  const encoder = new TextEncoder();
  const encoded = args.map((arg) => encoder.encode(`${arg}\0`));
  return {
    args_sizes_get(countPtr: number, sizePtr: number) {
      view().setUint32(countPtr, encoded.length, true);
      view().setUint32(
        sizePtr,
        encoded.reduce((sum, arg) => sum + arg.length, 0),
        true,
      );
      return OK;
    },
    args_get(tablePtr: number, bufferPtr: number) {
      let at = bufferPtr;
      for (const [i, arg] of encoded.entries()) {
        view().setUint32(tablePtr + 4 * i, at, true);
        bytes(at, arg.length).set(arg);
        at += arg.length;
      }
      return OK;
    },
  };
}

/** `fd_prestat_*` and `path_open`: one folder, `.`, in which only the output file can be opened. */
function folderCalls(output: GrowingFile, view: View, bytes: Bytes) {
  return {
    fd_prestat_get(fd: number, ptr: number) {
      if (fd !== FOLDER_FD) return EBADF;
      view().setUint32(ptr, 0, true);
      view().setUint32(ptr + 4, 1, true);
      return OK;
    },
    fd_prestat_dir_name(_fd: number, ptr: number) {
      bytes(ptr, 1)[0] = '.'.charCodeAt(0);
      return OK;
    },
    path_open(...call: PathOpenCall) {
      const [, , namePtr, nameLength, , , , , fdPtr] = call;
      if (new TextDecoder().decode(bytes(namePtr, nameLength)) !== OUTPUT_NAME) return ENOENT;
      output.open();
      view().setUint32(fdPtr, OUTPUT_FD, true);
      return OK;
    },
  };
}

/** dirfd, dirflags, name, name length, oflags, rights, inherited rights, fdflags, where to put the fd. */
type PathOpenCall = [number, number, number, number, number, bigint, bigint, number, number];

/** `fd_*`: the output file can be written and sought; everything printed is kept for error messages; stdin is empty. */
function fileCalls(output: GrowingFile, printout: Printout, view: View, bytes: Bytes) {
  return {
    fd_fdstat_get(fd: number, ptr: number) {
      bytes(ptr, 24).fill(0);
      view().setUint8(ptr, fileType(fd));
      view().setBigUint64(ptr + 8, ALL_RIGHTS, true);
      view().setBigUint64(ptr + 16, ALL_RIGHTS, true);
      return OK;
    },
    fd_fdstat_set_flags: () => OK,
    fd_close: () => OK,
    fd_read(_fd: number, _vectors: number, _count: number, readPtr: number) {
      view().setUint32(readPtr, 0, true);
      return OK;
    },
    fd_seek(fd: number, offset: bigint, whence: number, positionPtr: number) {
      if (fd !== OUTPUT_FD) return ESPIPE;
      view().setBigUint64(positionPtr, BigInt(output.seek(Number(offset), whence)), true);
      return OK;
    },
    fd_write(fd: number, vectors: number, count: number, writtenPtr: number) {
      const sink = fd === OUTPUT_FD ? output : printout;
      let total = 0;
      for (let i = 0; i < count; i++) {
        const start = view().getUint32(vectors + 8 * i, true);
        const length = view().getUint32(vectors + 8 * i + 4, true);
        sink.write(bytes(start, length));
        total += length;
      }
      view().setUint32(writtenPtr, total, true);
      return OK;
    },
  };
}

const ALL_RIGHTS = 0xffff_ffff_ffff_ffffn;

function fileType(fd: number): number {
  if (fd === FOLDER_FD) return DIRECTORY;
  return fd === OUTPUT_FD ? REGULAR_FILE : CHARACTER_DEVICE;
}
