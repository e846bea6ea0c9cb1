/** An engine that does nothing: what is left is the way to its thread and back. */

export interface Echo {
  echo(input: unknown): unknown;
}

export class Engine implements Echo {
  echo(input: unknown): unknown {
    return input;
  }
}
