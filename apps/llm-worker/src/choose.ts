/** The engine that the settings ask for, with the built-in one behind it. */
import { type BaseSettings, chooseEngine, type HealthReporter, type Log } from '@hearth/runtime';
import type { z } from 'zod';
import type { settings } from './config.ts';
import { anthropic } from './engines/anthropic.ts';
import type { Generator } from './engines/generator.ts';
import { google } from './engines/google.ts';
import { ModelError } from './engines/model-error.ts';
import type { ModelSource } from './engines/model-source.ts';
import { openai } from './engines/openai.ts';
import { openaiCompatible } from './engines/openai-compatible.ts';
import { createProvider, type Provider, type ProviderOptions } from './engines/provider.ts';
import { withStandIn } from './engines/stand-in.ts';
import { readPersona } from './persona.ts';

type Settings = z.infer<typeof settings> & BaseSettings;

/** The best first. Those that send what is said out of the house are never chosen by `auto`. */
const SOURCES: readonly ModelSource[] = [openaiCompatible, openai, anthropic, google];
const LOCAL: readonly ModelSource[] = [openaiCompatible];

export interface ChooseOptions {
  readonly settings: Settings;
  readonly builtin: Generator;
  readonly health: HealthReporter;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** @throws UserError when the persona file is wrong */
export async function openGenerator({
  settings,
  builtin,
  health,
  log,
}: ChooseOptions): Promise<Generator> {
  const wanted = settings.LLM_ENGINE;
  const options = await optionsFrom(settings, health);
  const sources = wanted === 'auto' ? LOCAL : SOURCES;
  const candidates = sources.map((source) => ({
    name: source.name,
    why: async () => source.missing(options),
  }));
  const usable = { name: builtin.name, why: async () => undefined };
  const chosen = await chooseEngine({ wanted, candidates: [...candidates, usable], log, health });
  health.detail('engine', chosen);
  const source = sources.find(({ name }) => name === chosen);
  if (!source) return builtin;
  const provider = createProvider(source, options);
  await loadEarly(provider, { builtin, health });
  return withStandIn(provider, builtin, { health, log });
}

/** What is missing shows in health at once, and is tried again with each question. */
async function loadEarly(
  provider: Provider,
  { builtin, health }: Pick<ChooseOptions, 'builtin' | 'health'>,
): Promise<void> {
  try {
    await provider.load();
  } catch (error) {
    const reason = error instanceof ModelError ? error.message : 'it cannot be loaded';
    health.degraded('engine', `${reason}; ${builtin.name} answers instead`);
  }
}

async function optionsFrom(
  settings: Settings,
  health: Pick<HealthReporter, 'detail'>,
): Promise<ProviderOptions> {
  const total = { in: 0, out: 0 };
  return {
    baseUrl: settings.LLM_BASE_URL,
    apiKey: settings.LLM_API_KEY,
    model: settings.LLM_MODEL,
    enginesDir: settings.HEARTH_ENGINES_DIR,
    persona: await readPersona(settings.LLM_PERSONA_FILE),
    timeZone: settings.HEARTH_TIME_ZONE,
    contextTokens: settings.LLM_CONTEXT_TOKENS,
    // An answer that could take all would leave no room for a question.
    maxOutputTokens: Math.min(settings.LLM_MAX_TOKENS, Math.floor(settings.LLM_CONTEXT_TOKENS / 2)),
    temperature: settings.LLM_TEMPERATURE,
    beginMs: settings.LLM_BEGIN_MS,
    idleMs: settings.LLM_IDLE_MS,
    retries: settings.LLM_RETRIES,
    toolRounds: settings.LLM_TOOL_ROUNDS,
    onUsage(tokens) {
      total.in += tokens.in;
      total.out += tokens.out;
      health.detail('tokensIn', total.in);
      health.detail('tokensOut', total.out);
    },
  };
}
