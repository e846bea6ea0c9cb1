/** Keeps a set of processes alive and ends them in order. */
import { BACK_OFF, type BackOff } from './back-off.ts';
import { type ChildSpec, type ChildState, type SupervisedChild, superviseChild } from './child.ts';

export interface SupervisorOptions {
  /** In the order in which they are started. */
  readonly children: readonly ChildSpec[];
  /** Names in the order in which they are stopped; each inner list together. */
  readonly stopOrder: readonly (readonly string[])[];
  readonly backOff?: BackOff;
  readonly stopMs?: number;
  readonly onState?: (name: string, state: ChildState) => void;
  readonly onLine?: (name: string, line: string) => unknown;
}

export interface Supervisor {
  readonly children: readonly SupervisedChild[];
  /** Starts one, or all. */
  start(name?: string): void;
  /** Resolves when all are gone. */
  stop(): Promise<void>;
}

/** Services drain for up to 10 s and close for up to 2 s. */
const STOP_MS = 12_000;

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { backOff = BACK_OFF, stopMs = STOP_MS } = options;
  const children = options.children.map((spec) =>
    superviseChild(spec, {
      backOff,
      stopMs,
      onState: (state) => options.onState?.(spec.name, state),
      onLine: (line) => options.onLine?.(spec.name, line),
    }),
  );
  const killAll = () => {
    for (const child of children) child.kill();
  };
  // Whatever ends this process, it leaves nobody behind. (SIGKILL runs nothing: then the closed IPC channel tells them.)
  process.once('exit', killAll);

  return {
    children,
    start(name) {
      for (const child of children) if (name === undefined || child.name === name) child.start();
    },
    async stop() {
      for (const names of options.stopOrder) {
        await Promise.all(
          children.filter(({ name }) => names.includes(name)).map((child) => child.stop()),
        );
      }
      process.off('exit', killAll);
    },
  };
}
