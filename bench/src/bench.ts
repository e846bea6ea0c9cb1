/** What every bench is: a name, a line about it, and a run that gives figures. */
import type { Broker } from './broker.ts';
import type { Figure } from './figure.ts';

export interface BenchContext {
  readonly broker: Broker;
  /** An empty folder, removed after the run. */
  readonly folder: () => Promise<string>;
  /** A line for whoever watches. */
  readonly tell: (line: string) => void;
}

export interface Bench {
  readonly name: string;
  readonly about: string;
  readonly run: (context: BenchContext) => Promise<readonly Figure[]>;
}
