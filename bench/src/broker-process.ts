/** The broker that comes with Hearth as a process: it must not share the event loop of what is measured. */
import { once } from 'node:events';
import { startTestBroker } from '@hearth/runtime/testing';

const broker = await startTestBroker({ kind: 'aedes' });
process.send?.({ url: broker.url });
await Promise.race([once(process, 'disconnect'), once(process, 'SIGTERM')]);
process.exit();
