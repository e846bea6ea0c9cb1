/** Carries out `tool/call`, and tells the house on `tools/registry` which tools and devices there are. */
import { callTool, llmCancel, toolsRegistry } from '@hearth/contracts';
import type { ServiceContext, ServiceSpec } from '@hearth/runtime';
import type { z } from 'zod';
import { createCalls } from './calls.ts';
import { settings } from './config.ts';
import { announced } from './devices/device.ts';
import { type Home, openHome } from './devices/home.ts';
import { readMcpFile } from './mcp/config-file.ts';
import { startServers } from './mcp/host.ts';
import { createToolbox } from './toolbox.ts';
import { ownTools } from './tools/index.ts';

type Settings = z.infer<typeof settings>;

/** A tool may wait for a server on the internet; others must not wait for it. */
const PARALLEL = 16;
const WAITING = 64;
/** Servers and devices come in bursts: tell of them together. */
const SETTLE_MS = 100;

export const toolWorker: ServiceSpec<typeof settings.shape> = {
  name: 'tool-worker',
  settings,

  async start({ bus, settings, log, health, trace }: ServiceContext<Settings>) {
    let told: string | undefined;
    let settling: NodeJS.Timeout | undefined;
    const changed = () => {
      settling ??= setTimeout(tell, SETTLE_MS);
    };
    const home: Home = await openHome({
      foreign: bus.foreign,
      prefix: settings.HEARTH_DISCOVERY_PREFIX,
      log,
      onChange: changed,
    });
    const { servers, problems } = await readMcpFile(settings.HEARTH_MCP_FILE, process.env);
    if (problems.length > 0) health.degraded('mcp', problems.join('; '));
    const host = startServers({ servers, log, health, onTools: changed });
    const toolbox = createToolbox({
      own: ownTools({ bus, home, timeZone: settings.HEARTH_TIME_ZONE }),
      remote: () => host.tools,
      troubleOf: (name) => host.troubleOf(name),
    });
    const calls = createCalls({ toolbox, trace, log });

    function tell(): void {
      settling = undefined;
      const registry = { tools: toolbox.list(), devices: home.devices.map(announced) };
      health.detail('tools', registry.tools.length);
      health.detail('devices', registry.devices.length);
      const text = JSON.stringify(registry);
      if (text === told) return;
      told = text;
      // Not awaited: the broker may not be there yet. What is retained is published again when it is.
      bus.publish(toolsRegistry, registry).catch((error) => {
        log.warn({ error }, 'tools not published');
      });
    }

    await bus.subscribe(llmCancel, ({ context: { turnId } }) => {
      if (turnId !== undefined) calls.cancel(turnId);
    });
    await bus.serve(callTool, (request, signal) => calls.answer(request, signal), {
      concurrency: PARALLEL,
      limit: WAITING,
    });
    tell();
    return {
      async close() {
        clearTimeout(settling);
        await Promise.allSettled([host.close(), home.close()]);
      },
    };
  },
};
