/** Answers what is asked on `llm/request`, piece by piece, and tells the house which sentences it understands. */
import { intentsRegistry, llmCancel, llmRequest, toolsRegistry } from '@hearth/contracts';
import type { ServiceContext, ServiceSpec } from '@hearth/runtime';
import type { z } from 'zod';
import { answerRequest } from './answer.ts';
import { settings } from './config.ts';
import { createBuiltin } from './engines/builtin.ts';
import { createTurns } from './turns.ts';

type Settings = z.infer<typeof settings>;

export const llmWorker: ServiceSpec<typeof settings.shape> = {
  name: 'llm-worker',
  settings,

  async start({ bus, settings, log, health, trace, signal }: ServiceContext<Settings>) {
    const engine = createBuiltin({ timeZone: settings.HEARTH_TIME_ZONE });
    const turns = createTurns();
    health.detail('engine', engine.name);

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
          await answerRequest({ bus, log, trace, engine }, request, {
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
      bus.publish(intentsRegistry, engine.intents).catch((error) => {
        log.warn({ error }, 'intents not published');
      });
    };
    await bus.subscribe(toolsRegistry, ({ data: { devices = [] } }) => {
      const before = JSON.stringify(engine.intents);
      engine.learn(devices);
      if (JSON.stringify(engine.intents) !== before) tell();
    });
    tell();
    return { drain: () => turns.idle() };
  },
};
