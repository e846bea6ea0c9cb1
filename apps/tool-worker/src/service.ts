/** Carries out `tool/call`, and tells the house on `tools/registry` which tools and devices there are. */
import { callTool, llmCancel } from '@hearth/contracts';
import type { ServiceContext, ServiceSpec } from '@hearth/runtime';
import type { z } from 'zod';
import { createCalls } from './calls.ts';
import { settings } from './config.ts';
import { announced } from './devices/device.ts';
import { openHome } from './devices/home.ts';
import { createDirectory } from './directory.ts';
import { readMcpFile } from './mcp/config-file.ts';
import type { McpHost } from './mcp/host.ts';
import { createToolbox } from './toolbox.ts';
import { ownTools } from './tools/index.ts';

type Settings = z.infer<typeof settings>;

/** A tool may wait for a server on the internet; others must not wait for it. */
const PARALLEL = 16;
const WAITING = 64;

const NO_SERVERS: McpHost = {
  tools: [],
  troubleOf: () => undefined,
  close: async () => undefined,
};

export const toolWorker: ServiceSpec<typeof settings.shape> = {
  name: 'tool-worker',
  settings,

  async start({ bus, settings, log, health, trace }: ServiceContext<Settings>) {
    const directory = createDirectory({ bus, log, health });
    const { servers, problems } = await readMcpFile(settings.HEARTH_MCP_FILE, process.env);
    if (problems.length > 0) health.degraded('mcp', problems.join('; '));
    const home = await openHome({
      foreign: bus.foreign,
      prefix: settings.HEARTH_DISCOVERY_PREFIX,
      log,
      onChange: directory.changed,
    });
    // The SDK costs some 20 MB: it is loaded where there are servers.
    const host =
      servers.size > 0
        ? (await import('./mcp/host.ts')).startServers({
            servers,
            log,
            health,
            onTools: directory.changed,
          })
        : NO_SERVERS;
    const toolbox = createToolbox({
      own: ownTools({ bus, home, timeZone: settings.HEARTH_TIME_ZONE }),
      remote: () => host.tools,
      troubleOf: (name) => host.troubleOf(name),
    });
    const calls = createCalls({ toolbox, trace, log });

    directory.open(() => ({ tools: toolbox.list(), devices: home.devices.map(announced) }));

    await bus.subscribe(llmCancel, ({ context: { turnId } }) => {
      if (turnId !== undefined) calls.cancel(turnId);
    });
    await bus.serve(callTool, (request, signal) => calls.answer(request, signal), {
      concurrency: PARALLEL,
      limit: WAITING,
    });
    return {
      async close() {
        directory.close();
        await Promise.allSettled([host.close(), home.close()]);
      },
    };
  },
};
