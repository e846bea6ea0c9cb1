/** What tells one maker of language models from another. */
import { importOptional, type OptionalPackage } from '@hearth/runtime';
import type { LanguageModel } from 'ai';
import type { Server } from './model-error.ts';

export interface ModelSettings {
  /** Where the server is; undefined for the maker's own. */
  readonly baseUrl: string | undefined;
  readonly apiKey: string | undefined;
  readonly model: string | undefined;
  /** Where optional packages are. */
  readonly enginesDir: string;
}

export interface ModelSource {
  /** As in LLM_ENGINE. */
  readonly name: string;
  /** Which setting is missing, in a few words; undefined when none is. */
  missing(settings: ModelSettings): string | undefined;
  /** @throws RuntimeError ENGINE_UNAVAILABLE that says how to install what is missing */
  open(settings: ModelSettings): Promise<LanguageModel>;
}

/** The maker's package: its one function that makes models, given its name. */
export interface HostedSource {
  readonly name: string;
  readonly packageName: string;
  readonly factory: string;
}

interface Options {
  baseURL?: string;
  apiKey?: string;
}
type Factory = (options: Options) => (model: string) => LanguageModel;

/** A maker whose package of the AI SDK is installed on request, with `hearth engines add <name>`. */
export function hostedSource({ name, packageName, factory }: HostedSource): ModelSource {
  return {
    name,
    missing: ({ apiKey, model }) => missingOf({ LLM_API_KEY: apiKey, LLM_MODEL: model }),
    async open({ baseUrl, apiKey, model = '', enginesDir }) {
      const optional: OptionalPackage = { enginesDir, addName: name };
      const sdk = await importOptional<Record<string, Factory>>(packageName, optional);
      const create = sdk[factory];
      if (!create) throw new TypeError(`${packageName} has no ${factory}`);
      return create({ ...(baseUrl && { baseURL: baseUrl }), ...(apiKey && { apiKey }) })(model);
    },
  };
}

export function missingOf(settings: Record<string, string | undefined>): string | undefined {
  const names = Object.entries(settings).filter(([, value]) => !value);
  if (names.length === 0) return undefined;
  return `${names.map(([name]) => name).join(' and ')} ${names.length > 1 ? 'are' : 'is'} not set`;
}

/** Without user, password and path: they may be secret. */
export function serverOf(name: string, { baseUrl, model = '' }: ModelSettings): Server {
  const place = baseUrl && URL.canParse(baseUrl) ? new URL(baseUrl).host : name;
  return { title: `the language model at ${place}`, model };
}
