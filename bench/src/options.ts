/** The command line of the bench. */
import { parseArgs } from 'node:util';
import { UserError } from '@hearth/runtime';

export interface Options {
  /** Names of benches; all of them when empty. */
  readonly only: readonly string[];
  /** Where the figures go as JSON. */
  readonly json: string;
  /** A target that is missed is an error. */
  readonly strict: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

/** Not under version control: see .gitignore. */
const JSON_FILE = 'bench-results/bench.json';

export const HELP = `npm run bench -- [options]
  --only NAME[,NAME]  only these
  --json FILE         where the figures go as JSON [${JSON_FILE}]
  --strict            exit code 1 when a target is missed
  --list              what there is to measure
  --help              this text
`;

/** @throws UserError BAD_USAGE */
export function readOptions(args: readonly string[], known: readonly string[]): Options {
  const values = parse(args);
  const only = (values.only ?? '').split(',').filter(Boolean);
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw badUsage(`There is no ${unknown.join(', ')}. There is: ${known.join(', ')}.`);
  }
  const { json = JSON_FILE, strict = false, list = false, help = false } = values;
  return { only, json, strict, list, help };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        json: { type: 'string' },
        strict: { type: 'boolean' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (error) {
    throw badUsage(error instanceof Error ? error.message : String(error));
  }
}

function badUsage(message: string): UserError {
  return new UserError('BAD_USAGE', `${message}\n${HELP}`, { exitCode: 2 });
}
