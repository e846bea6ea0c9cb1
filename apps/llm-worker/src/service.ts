/** Answers what is asked on `llm/request`, piece by piece, and tells the house which sentences it understands. */
import {
  intentsRegistry,
  llmCancel,
  llmRequest,
  type ToolsRegistry,
  toolsRegistry,
} from '@hearth/contracts';
import type { BaseSettings, ServiceContext, ServiceSpec } from '@hearth/runtime';
import type { z } from 'zod';
import { answerRequest } from './answer.ts';
import { openGenerator } from './choose.ts';
import { settings } from './config.ts';
import { createConfirmations } from './confirmations.ts';
import { createBuiltin } from './engines/builtin.ts';
import { toolsOf } from './tools.ts';
import { createTurns } from './turns.ts';

type Settings = z.infer<typeof settings>;

export const llmWorker: ServiceSpec<typeof settings.shape> = {
  name: 'llm-worker',
  settings,

  async start({
    bus,
    settings,
    log,
    health,
    trace,
    signal,
  }: ServiceContext<Settings & BaseSettings>) {
    const builtin = createBuiltin({ timeZone: settings.HEARTH_TIME_ZONE });
    const engine = await openGenerator({ settings, builtin, health, log });
    const turns = createTurns();
    let registry: ToolsRegistry = { tools: [] };
    const confirmations = createConfirmations();
    const createTools = toolsOf({ bus, trace, confirmations, registry: () => registry });

    await bus.subscribe(llmCancel, ({ context: { turnId } }) => {
      if (turnId) turns.cancel(turnId);
    });
    const requests = await bus.subscribe(
      llmRequest,
      async (request) => {
        const { context, envelope } = request;
        const answer = turns.begin(envelope?.correlationId ?? envelope?.id ?? '', context.turnId);
        if (!answer) return;
        const leftMs = (envelope?.deadline ?? Number.POSITIVE_INFINITY) - Date.now();
        const limitMs = Math.max(0, Math.min(leftMs, settings.LLM_TIMEOUT_MS));
        try {
          await answerRequest({ bus, log, trace, engine, createTools }, request, {
            cancelled: answer.signal,
            limit: AbortSignal.timeout(limitMs),
          });
        } catch (error) {
          log.warn({ turnId: context.turnId, error }, 'response not sent');
        } finally {
          answer.end();
        }
      },
      { concurrency: settings.LLM_PARALLEL },
    );
    signal.addEventListener('abort', () => void requests.close());

    // Not awaited: the broker may not be there yet. What is retained is published again when it is.
    const tell = () => {
      bus.publish(intentsRegistry, builtin.intents).catch((error) => {
        log.warn({ error }, 'intents not published');
      });
    };
    await bus.subscribe(toolsRegistry, ({ data }) => {
      registry = data;
      const before = JSON.stringify(builtin.intents);
      builtin.learn(data.devices ?? []);
      if (JSON.stringify(builtin.intents) !== before) tell();
    });
    tell();
    return { drain: () => turns.idle() };
  },
};
