/** What every command is given. */
import type { Screen } from '../show/screen.ts';
import type { CliSettings } from '../settings.ts';

export interface Invocation {
  readonly settings: CliSettings;
  readonly screen: Screen;
  /** Aborts at Ctrl-C and at SIGTERM. */
  readonly signal: AbortSignal;
}
