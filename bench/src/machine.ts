/** On what was measured: figures of two machines, or of a busy one, cannot be compared. */
import { execFile } from 'node:child_process';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryMb: number;
  readonly os: string;
  readonly node: string;
  readonly broker: string;
  /** Of the repository; `+changes` when files differ from it. */
  readonly commit: string;
  /** Processes that wanted to run in the minute before the run. */
  readonly load: number;
}

const run = promisify(execFile);
const cwd = fileURLToPath(new URL('../../', import.meta.url));

export async function describeMachine(broker: string): Promise<Machine> {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryMb: Math.round(totalmem() / 1e6),
    os: `${platform()} ${release()}`,
    node: process.version,
    broker,
    commit: await describeCommit(),
    load: loadavg()[0] ?? 0,
  };
}

async function describeCommit(): Promise<string> {
  try {
    const { stdout } = await run('git', ['rev-parse', '--short=12', 'HEAD'], { cwd });
    const { stdout: changes } = await run('git', ['status', '--porcelain'], { cwd });
    return `${stdout.trim()}${changes.trim() ? '+changes' : ''}`;
  } catch {
    return 'unknown';
  }
}
