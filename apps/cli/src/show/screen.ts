/** What a command shows: results on stdout, everything else on stderr. */
import { EXIT_INTERRUPTED } from '@hearth/runtime';

/** How a command ended, for scripts. A wrong setting is 78, Ctrl-C 130. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notUnderstood: 3,
  interrupted: EXIT_INTERRUPTED,
} as const;

export interface Screen {
  readonly json: boolean;
  /** The result: `json` with `--json`, else `human`. Once per command. */
  readonly print: (human: string, json: object) => void;
  /** What is going on, for people. */
  readonly tell: (line: string) => void;
}

export function createScreen(json: boolean): Screen {
  return {
    json,
    print(human, object) {
      process.stdout.write(`${json ? JSON.stringify(object) : human}\n`);
    },
    tell(line) {
      process.stderr.write(`${line}\n`);
    },
  };
}
