/** Carries an engine in a child process: a crash of its native code takes nothing else with it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Carrier, CarrierListener } from './carrier.ts';
import { beforeDeadline } from './limits.ts';
import { siblingModule } from './sibling.ts';
import type { FullSpec } from './spec.ts';
import type { SetupMessage, ToEngine } from './wire.ts';

/** What is left in the pipes of a process that has ended is there at once; a grandchild may hold them open. */
const LAST_WORDS_MS = 500;

export function startProcess(spec: FullSpec, { hear, ended }: CarrierListener): Carrier {
  const { module, options, methods, resourceLimits } = spec;
  const heapMb = resourceLimits?.maxOldGenerationSizeMb;
  const child = fork(siblingModule(import.meta.url, './process'), [], {
    // As structured cloning has it: buffers travel as bytes, not as JSON.
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [...process.execArgv, ...(heapMb ? [`--max-old-space-size=${heapMb}`] : [])],
  });
  // It ends by itself when this process is gone, but not while it is inside native code.
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);

  const finish = async (how: string, error?: Error) => {
    process.off('exit', kill);
    await beforeDeadline(silence(child), LAST_WORDS_MS);
    ended(how, error);
  };
  // A real edge: only process.ts speaks at the other end.
  child.on('message', hear);
  child.once('error', (error) => {
    if (child.pid === undefined) void finish('it did not start', error);
  });
  child.once('exit', (code, signal) => {
    void finish(signal ? `signal ${signal}` : `exit code ${code}`);
  });

  // Called back instead of throwing when it has ended meanwhile: `ended` tells.
  const send = (message: ToEngine | SetupMessage) => void child.send(message, () => {});
  send({ kind: 'setup', setup: { module: module.href, options, methods } });

  return {
    kind: 'process',
    output: streams(child),
    say: send,
    call: ({ method, input }) => send({ kind: 'call', method, input }),
    abandon() {
      child.unref();
      child.channel?.unref();
      kill();
    },
  };
}

/** Resolves when all it printed and sent has arrived. */
async function silence(child: ChildProcess): Promise<void> {
  const { stdout, stderr } = streams(child);
  await Promise.all([
    ...[stdout, stderr].filter((stream) => !stream.closed).map((stream) => once(stream, 'close')),
    child.connected ? once(child, 'disconnect') : undefined,
  ]);
}

function streams({ stdout, stderr }: ChildProcess) {
  if (!stdout || !stderr) throw new TypeError('the process was started without pipes');
  return { stdout, stderr };
}
