/** Tells the house on `tools/registry` which tools and devices there are, whenever that changes. */
import { type ToolsRegistry, toolsRegistry } from '@hearth/contracts';
import type { Bus, HealthReporter, Log } from '@hearth/runtime';

/** Servers and devices come in bursts: tell of them together. */
const SETTLE_MS = 100;

export interface Directory {
  /** Something came or went. Before `open`, it is told with the first publication. */
  readonly changed: () => void;
  /** Publishes what `list` says, now and after each change. */
  open(list: () => ToolsRegistry): void;
  close(): void;
}

export interface DirectoryOptions {
  readonly bus: Bus;
  readonly log: Log;
  readonly health: HealthReporter;
}

export function createDirectory({ bus, log, health }: DirectoryOptions): Directory {
  let list: (() => ToolsRegistry) | undefined;
  let settling: NodeJS.Timeout | undefined;
  let told: string | undefined;

  function tell(): void {
    settling = undefined;
    if (!list) return;
    const registry = list();
    health.detail('tools', registry.tools.length);
    health.detail('devices', registry.devices?.length ?? 0);
    const text = JSON.stringify(registry);
    if (text === told) return;
    told = text;
    // Not awaited: the broker may not be there yet. What is retained is published again when it is.
    bus.publish(toolsRegistry, registry).catch((error: unknown) => {
      log.warn({ error }, 'tools not published');
    });
  }

  return {
    changed() {
      if (list) settling ??= setTimeout(tell, SETTLE_MS);
    },
    open(listing) {
      list = listing;
      tell();
    },
    close() {
      clearTimeout(settling);
      list = undefined;
    },
  };
}
