/** The files of a WASI command, in memory: the one that it writes, and what it prints. */

export interface GrowingFile {
  open(): void;
  write(chunk: Uint8Array): void;
  /** `whence` 0 from the start, 1 from here, 2 from the end. Returns the new position. */
  seek(offset: number, whence: number): number;
  /** Undefined when it was never opened. */
  contents(): Uint8Array<ArrayBuffer> | undefined;
}

export interface Printout {
  write(chunk: Uint8Array): void;
  /** The first 4 kB. */
  text(): string;
}

const MAX_PRINTED_CHARS = 4096;

/** A file in memory that doubles as it fills; seeking back and overwriting works, as WAV headers need. */
export function createGrowingFile(): GrowingFile {
  let buffer = new Uint8Array(0);
  let size = 0;
  let position = 0;
  let opened = false;
  return {
    open() {
      opened = true;
      size = position = 0;
    },
    write(chunk: Uint8Array) {
      const end = position + chunk.length;
      if (end > buffer.length) {
        const grown = new Uint8Array(Math.max(end, 2 * buffer.length, 1 << 16));
        grown.set(buffer.subarray(0, size));
        buffer = grown;
      }
      buffer.set(chunk, position);
      position = end;
      size = Math.max(size, end);
    },
    seek(offset: number, whence: number): number {
      const from = [0, position, size][whence] ?? 0;
      position = Math.max(0, from + offset);
      return position;
    },
    contents: () => (opened ? buffer.subarray(0, size) : undefined),
  };
}

export function createPrintout(): Printout {
  const decoder = new TextDecoder();
  let text = '';
  return {
    write(chunk: Uint8Array) {
      if (text.length < MAX_PRINTED_CHARS)
        text += decoder.decode(chunk).slice(0, MAX_PRINTED_CHARS);
    },
    text: () => text,
  };
}
