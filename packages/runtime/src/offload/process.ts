/** Where a child process with an engine begins. */
import { serveEngine } from './inside.ts';
import type { FromEngine, SetupMessage, ToEngine } from './wire.ts';

// Kept from the start: emscripten output is known to replace it.
const exitNow: () => never = process.exit.bind(process, 0);
let sent: Promise<void> = Promise.resolve();
let receive: ((message: ToEngine) => void) | undefined;

// Ctrl-C and a stop of systemd reach every process of the service: the host decides when this one ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', exitNow);

process.on('message', (message: SetupMessage | ToEngine) => {
  if (message.kind !== 'setup') return receive?.(message);
  const deliver = (output: unknown) => send({ kind: 'output', output });
  receive ??= serveEngine(message.setup, { send, deliver, exit });
});

/** Throws when the message cannot travel. */
function send(message: FromEngine): void {
  const { promise, resolve } = Promise.withResolvers<void>();
  sent = promise;
  // When the host is gone, `disconnect` tells.
  process.send?.(message, undefined, undefined, () => resolve());
}

function exit(): void {
  void sent.then(exitNow);
}
