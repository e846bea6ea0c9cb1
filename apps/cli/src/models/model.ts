/** What the catalogue says about a model. */

export interface ModelFile {
  /** Pinned to a revision, so that it stays what its checksum is of. */
  readonly url: string;
  /** Below HEARTH_MODELS_DIR, and below the base URL of a mirror. */
  readonly path: string;
  readonly bytes?: number;
  /** Lower-case hex. Left out where it is not known: then the file counts as unverified. */
  readonly sha256?: string;
}

export interface Model {
  readonly name: string;
  readonly kind: 'whisper' | 'piper' | 'embedding' | 'vad' | 'wake';
  readonly about: string;
  readonly licence: string;
  /** The first one is the model itself; those after it go with it. */
  readonly files: readonly [ModelFile, ...ModelFile[]];
}

/** Undefined as long as the size of one of its files is unknown. */
export function sizeOf({ files }: Model): number | undefined {
  return files.reduce<number | undefined>(
    (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  );
}

export function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
